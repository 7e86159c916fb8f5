import { describe, expect, it } from '@jest/globals';
import { bufferSource } from '../../../src/archive/source.js';
import { DEFAULT_DATASET_SETTINGS } from '../../../src/dataset/model/settings.js';
import { inspect } from '../../../src/pipeline/inspect.js';
import { zipBytes } from '../../support/zip-bytes.js';
import { annotation, image } from './coco-export.js';
import { lines, refusedText } from './refused-files.js';

const TOOLS = 'In Roboflow: Export → COCO. In CVAT:';
const TO_COCO = 'Convert it to COCO: one object with the lists images';

/** The message for an archive with an image and one file that is not named as JSON. */
const refused = (path: string, content: string | Buffer): string =>
  refusedText({ [path]: content }, ['images/a.jpg']);

const coco = { images: [image(1, 'a.jpg')], annotations: [annotation(1)], categories: [] };

describe('labels in a file that is not named as JSON', () => {
  it.each<[name: string, content: string, advice: string]>([
    [
      'a SageMaker Ground Truth manifest',
      lines({ 'source-ref': 's3://b/a.jpg' }, { 'source-ref': 's3://b/b.jpg' }),
      'CocoConverter',
    ],
    ['a Labelbox export', lines({ data_row: { id: 'x' } }, { data_row: { id: 'y' } }), TO_COCO],
    [
      'a Roboflow export for PaliGemma or Florence-2',
      lines({ image: 'a.jpg', prefix: 'detect', suffix: '<loc0001>' }),
      'In Roboflow: Export → COCO.',
    ],
    [
      'metadata of a Hugging Face image folder',
      lines({ file_name: 'a.jpg', objects: { bbox: [] } }),
      TO_COCO,
    ],
    [
      'a list of COCO annotations without images',
      lines(annotation(1), annotation(2)),
      'Write it as one object',
    ],
    [
      'a V7 Darwin export',
      lines({ dataset: 'x', image: { filename: 'a.jpg' }, annotations: [] }),
      'darwin convert coco',
    ],
    ['a labelme export', lines({ version: '5', flags: {}, imageData: 'AAAA' }), 'labelme2coco'],
    ['a YOLO export', lines('0 0.5 0.5 0.2 0.1', '1 0.25 0.5 0 1'), TOOLS],
    ['a YOLO export', lines('2 0.1 0.1 0.4 0.1 0.4 0.3'), TOOLS],
    [
      'a KITTI export',
      lines('Car 0.00 0 -1.58 587.01 173.33 614.12 200.12 1.65 1.67 3.64 -0.65 1.71 46.70 -1.59'),
      'datum convert -if kitti',
    ],
    ['a DOTA export', lines('imagesource:GoogleEarth', 'gsd:0.1', '1 2 3 2 3 4 1 4 plane 0'), TO_COCO],
    ['a DOTA export', lines('1.0 2.0 30.0 2.0 30.0 40.0 1.0 40.0 large-vehicle 0'), TO_COCO],
    [
      'a MOTChallenge export',
      lines('1,1,912,484,97,109,0,7,1', '2,1,912,484,97,109,0,7,1'),
      'datum convert -if mot_seq_gt',
    ],
    [
      'a WIDER FACE export',
      lines('0--Parade/a.jpg', '1', '449 330 122 149 0 0 0 0 0 0 '),
      'datum convert -if wider_face',
    ],
    [
      'a Google Vertex AI (AutoML) import file',
      lines('TRAIN,gs://b/a.jpg,bolt,0.1,0.1,,,0.3,0.3,,'),
      TO_COCO,
    ],
    [
      'a VGG Image Annotator (VIA) export',
      lines(
        'filename,file_size,file_attributes,region_count,region_id,region_shape_attributes,region_attributes',
      ),
      'In VIA: load the project',
    ],
    ['an Open Images export (CSV)', lines('ImageID,Source,LabelName,Confidence,XMin,XMax,YMin,YMax'), TOOLS],
    ['a table of boxes', lines('ImageID,Class,x1,y1,x2,y2', 'a,bolt,1,2,3,4'), TOOLS],
    ['a table of boxes', lines('filename\twidth\theight\tclass\txmin\tymin\txmax\tymax'), TOOLS],
    ['a table of boxes', lines('image_id,width,height,bbox,source'), TOOLS],
    ['a table of boxes', lines('00000.ppm.jpg;774;411;815;446;11'), TO_COCO],
    ['a table of boxes', lines('images/a.jpg 48,240,195,371,11'), TO_COCO],
    [
      'a Pascal VOC export (XML)',
      '<annotation>\n<filename>a.jpg</filename><object></object></annotation>',
      TOOLS,
    ],
    [
      'a CVAT export (XML)',
      '<?xml version="1.0"?>\n<annotations><version>1.1</version><image id="0"/></annotations>',
      'In CVAT: Export',
    ],
    ['a list of mask values', 'Pixel Value, Class\n0, background\n', TOOLS],
  ])('an archive is refused by the content of a text file as %s: %s', (name, content, advice) => {
    for (const path of ['labels.txt', 'labels/data']) {
      const message = refused(path, content);
      expect(message).toContain(`The archive has no usable COCO file: ${path} is ${name}`);
      expect(message).toContain(advice);
    }
  });

  it.each(['labels.txt', 'annotations', 'export.geojson'])(
    'a COCO file with the name %s has to be renamed',
    (path) => {
      expect(refused(path, JSON.stringify(coco))).toBe(
        `The archive has no usable COCO file: ${path} has COCO annotations, but only files whose names end in .json are read. Rename it so that its name ends in .json.`,
      );
    },
  );

  it('an archive without an extension is named as an archive within the archive', () => {
    expect(refused('export', 'PK\x03\x04')).toContain(
      'It contains another archive, export: if that is the export',
    );
    expect(refused('labels.xlsx', 'PK\x03\x04')).toContain('labels in an Excel table, as labels.xlsx shows');
  });

  it.each<[string, string]>([
    ['train.tfrecord-00000-of-00010', 'a TensorFlow export (TFRecord)'],
    ['train.record', 'a TensorFlow export (TFRecord)'],
    ['data-00000-of-00001.arrow', 'a Hugging Face dataset (Arrow)'],
    ['cars.mat', 'labels in a file of MATLAB, Python or HDF5'],
    ['export.7z.001', 'It contains another archive, export.7z.001'],
    ['masks/a.png', 'a dataset with masks, without boxes, as masks/a.png shows'],
    ['images/a_mask.png', 'a dataset with masks, without boxes'],
  ])('an archive is refused by the name of its file: %s', (path, what) => {
    expect(refused(path, Buffer.from([0, 1, 2]))).toContain(what);
  });

  it.each(['b.jpg', 'README.md', 'LICENSE'])(
    'an archive of images without annotations is refused beside %s',
    (path) => {
      expect(refused(path, 'TRAIN,gs://b/a.jpg,x,1,2,3,4')).toContain(
        'it has no JSON file, only images. If the images are labelled',
      );
    },
  );

  it.each(['Made by me in 2024.\n', 'cat\ndog\n', '1\n2\n', 'images/a.jpg\nimages/b.jpg\n', '\u0000\u0001'])(
    'a text without labels is not named as another format: %j',
    (content) => {
      expect(refused('labels.txt', content)).toContain('it has no JSON file');
    },
  );

  it('the content of files is read from the archive itself, and a damaged one does not matter', async () => {
    const entries = [
      { name: 'a.jpg' },
      { name: 'a.txt', data: Buffer.from('imagesource:x'), crc: 1 },
      { name: 'b.txt', data: Buffer.from('0 0.5 0.5 0.2 0.1') },
    ];
    const inspected = inspect(bufferSource(zipBytes(entries)), DEFAULT_DATASET_SETTINGS);
    await expect(inspected).rejects.toMatchObject({
      type: 'CocoMissing',
      message: expect.stringContaining('b.txt is a YOLO export'),
    });
  });
});
