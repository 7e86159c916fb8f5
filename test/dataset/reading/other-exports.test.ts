import { describe, expect, it } from '@jest/globals';
import { annotation, image, refusal } from './coco-export.js';
import { READABLE } from './refused-files.js';

type Files = Readonly<Record<string, string>>;

const json = (path: string, value: unknown): Files => ({ [path]: JSON.stringify(value) });
const data = (value: unknown): Files => json('data.json', value);
const box = { x: 1, y: 2, width: 30, height: 40 };

function cocoMissing(files: Files, paths: readonly string[]): string {
  const { type, message } = refusal(files, paths);
  expect(type).toBe('CocoMissing');
  expect(message).toMatch(/^The archive has no usable COCO file: .+\. .+[.]$/);
  expect(message.length).toBeLessThanOrEqual(READABLE);
  return message;
}

describe('an archive of another format', () => {
  it.each<[string, Files, readonly string[], string]>([
    [
      'YOLO',
      {},
      ['data.yaml', 'train/images/a.jpg', 'train/labels/a.txt'],
      'it is a YOLO export, as data.yaml shows',
    ],
    ['YOLO without data.yaml', {}, ['images/a.jpg', 'labels/a.txt'], 'it is a YOLO export, as labels/a.txt'],
    [
      'YOLO with notes in JSON',
      { 'notes.json': '{"author":"x"}' },
      ['classes.txt', 'a.jpg'],
      'it is a YOLO export',
    ],
    [
      'YOLO beside a .jsonl file',
      {},
      ['data.yaml', 'notes.jsonl'],
      'it is a YOLO export, as data.yaml shows',
    ],
    ['Pascal VOC', {}, ['Annotations/a.xml', 'JPEGImages/a.jpg'], 'it is a Pascal VOC export (XML)'],
    ['CreateML', { 'train/_annotations.createml.json': '[]' }, ['train/a.jpg'], 'it is a CreateML export'],
    [
      'CreateML under another name',
      data([{ image: 'a.jpg', annotations: [{ label: 'bolt', coordinates: box }] }]),
      ['a.jpg'],
      'data.json is a CreateML export',
    ],
    ['a folder per class', {}, ['cat/a.jpg', 'dog/b.jpg'], 'it is a classification dataset'],
    ['TensorFlow', {}, ['train/x.tfrecord'], 'it is a TensorFlow export'],
    ['Open Images', {}, ['train-annotations-bbox.csv', 'a.jpg'], 'it is an Open Images export (CSV)'],
    ['CSV', {}, ['_annotations.csv', 'a.jpg'], 'it is a CSV export, as _annotations.csv shows'],
    ['Parquet', {}, ['data/train-00000.parquet'], 'it is a Parquet dataset'],
    ['JSON Lines', {}, ['labels.jsonl', 'a.jpg'], 'it is JSON Lines, with one JSON object per line'],
    [
      'JSON Lines named .json',
      { 'x.json': '{"data":1,"annotations":[]}\n{"data":2}' },
      [],
      'x.json is JSON Lines',
    ],
  ])(
    'an archive of another format is refused with the name of its format and how to export COCO: %s',
    (_what, files, paths, message) => {
      const refused = cocoMissing(files, paths);
      expect(refused).toContain(`usable COCO file: ${message}`);
      expect(refused).toMatch(/In Roboflow: .*In CVAT: .*In Label Studio: /);
    },
  );

  it.each<[string, Files, string]>([
    [
      'a Label Studio JSON export',
      data([{ id: 1, annotations: [{ result: [] }], data: { image: 'a.jpg' } }]),
      'In Label Studio: Export → COCO with Images.',
    ],
    [
      'a Label Studio JSON export',
      data([{ id: 1, annotations: [] }]),
      'In Label Studio: Export → COCO with Images.',
    ],
    [
      'a Label Studio JSON export',
      data([{ id: 1, image: 'a.jpg', label: [{ ...box, rectanglelabels: ['bolt'], original_width: 9 }] }]),
      'In Label Studio: Export → COCO with Images.',
    ],
    ['a labelme export', data({ version: '5', shapes: [], imagePath: 'a.jpg' }), 'labelme2coco <folder>'],
    [
      'a VGG Image Annotator (VIA) project',
      data({ _via_settings: {}, _via_img_metadata: {} }),
      'In VIA: Annotation → Export Annotations (COCO format).',
    ],
    [
      'a VGG Image Annotator (VIA) project',
      data({ 'a.jpg9': { filename: 'a.jpg', regions: [] } }),
      'In VIA: ',
    ],
    [
      'a VGG Image Annotator (VIA) project',
      data({ project: {}, file: {}, view: {}, metadata: {} }),
      'In VIA: ',
    ],
    [
      'a SuperAnnotate export',
      data({ metadata: { name: 'a.jpg' }, instances: [{ type: 'bbox' }] }),
      'sa.export_annotation',
    ],
    ['a SuperAnnotate export', data({ 'a.jpg': { instances: [{ type: 'bbox' }] } }), 'sa.export_annotation'],
    [
      'a Supervisely export',
      data({ description: '', size: { width: 9, height: 9 }, objects: [] }),
      'run the app "Export to COCO"',
    ],
    ['a Supervisely export', data({ classes: [{ title: 'bolt', shape: 'rectangle' }] }), '"Export to COCO"'],
    ['a Scale AI export', data([{ task_id: '5f', response: { annotations: [] } }]), 'Convert it to COCO'],
    [
      'a Datumaro export',
      data({ info: {}, categories: { label: { labels: [] } }, items: [{ id: 'a', annotations: [] }] }),
      'datum convert -if datumaro',
    ],
    ['a SageMaker Ground Truth manifest', data({ 'source-ref': 's3://b/a.jpg', bb: {} }), 'CocoConverter'],
    [
      'an Azure Machine Learning export',
      data({ image_url: 'azureml://a.jpg', label: [{ label: 'bolt', topX: 0.1 }] }),
      'export the labeling project in COCO format',
    ],
    ['a Google Vertex AI (AutoML) import file', data({ imageGcsUri: 'gs://b/a.jpg' }), 'Convert it to COCO'],
    ['a Labelbox export', data([{ 'External ID': 'a.jpg', Label: { objects: [] } }]), 'Convert it to COCO'],
    [
      'a V7 Darwin export',
      data({ version: '2.0', item: { name: 'a.jpg' }, annotations: [] }),
      'darwin convert coco',
    ],
    ['a VoTT export', data({ asset: { name: 'a.jpg' }, regions: [] }), 'datum convert -if vott_json'],
    ['a FiftyOne export', data({ samples: [{ filepath: 'data/a.jpg' }] }), 'COCODetectionDataset'],
    ['a Cityscapes annotation file', data({ imgHeight: 9, imgWidth: 9, objects: [] }), 'Convert it to COCO'],
    [
      'a BDD100K (Scalabel) label file',
      data([{ name: 'a.jpg', labels: [{ category: 'car', box2d: {} }] }]),
      'bdd100k.label.to_coco',
    ],
    [
      'a list of detections (COCO results)',
      data([{ ...annotation(1), score: 0.9 }]),
      'Upload the labels instead',
    ],
    [
      'a list of Detectron2 dataset dicts',
      data([{ file_name: 'a.jpg', image_id: 0, annotations: [{ bbox: [1, 2, 3, 4], bbox_mode: 0 }] }]),
      'convert_to_coco_json',
    ],
    ['a list of COCO annotations without images', data([annotation(1)]), 'Write it as one object'],
    [
      'a list with one record per image',
      data([{ file_name: 'a.jpg', bbox: [1, 2, 3, 4], label: 'bolt' }]),
      'Convert it to COCO',
    ],
  ])('an archive is refused as %s with the words of the tool: %j', (name, files, advice) => {
    const refused = cocoMissing(files, ['a.jpg']);
    expect(refused).toContain(`usable COCO file: data.json is ${name}`);
    expect(refused).toContain(advice);
  });

  it('an archive of another format is recognised by the beginning of large files', () => {
    const shapes = Array.from({ length: 5_000 }, (_, i) => ({ label: `bolt ${i}`, points: [[1, i]] }));
    expect(cocoMissing(data({ version: '5', shapes }), [])).toContain('data.json is a labelme export');
  });

  it.each<[string, Files, readonly string[], string]>([
    ['a Ground Truth manifest', {}, ['output.manifest', 'a.jpg'], 'it is a SageMaker Ground Truth manifest'],
    [
      'CVAT XML',
      {},
      ['annotations.xml', 'images/a.jpg'],
      'In CVAT: Export task dataset → COCO 1.0 with "Save images".',
    ],
  ])('an archive of another format is refused with the way to COCO: %s', (_what, files, paths, message) => {
    expect(cocoMissing(files, paths)).toContain(message);
  });
});

describe('a JSON file with parts of COCO', () => {
  const images = [image(1, 'a.jpg')];
  const annotations = [annotation(1)];
  const categories = [{ id: 1, name: 'bolt' }];
  const coco = { images, annotations, categories };

  it.each<[string, object, string]>([
    [
      'no annotations',
      { images, categories },
      'has images, but no list named annotations. Label the images, or export the annotations with them.',
    ],
    [
      'no images',
      { annotations, categories },
      'has annotations, but no list named images. Export the images list',
    ],
    [
      'annotations inside its image records',
      { images: [{ ...images[0], annotations }], categories },
      'has the annotations inside its image records (images[0].annotations). Write them into a list of their own',
    ],
    [
      'lists with capital letters',
      { Images: images, Annotations: annotations, Categories: categories },
      'has Images, Annotations, Categories instead of images, annotations, categories. Rename them.',
    ],
    [
      'objects',
      { images, objects: annotations, categories },
      'has objects instead of annotations. Rename it.',
    ],
    [
      'several COCO objects',
      { train: coco, val: coco },
      'has 2 COCO objects (train, val). Write each into a JSON file of its own.',
    ],
    [
      'a COCO object two levels down',
      { result: { data: coco } },
      'has the lists of COCO inside result.data. Write that object into a JSON file of its own.',
    ],
  ])(
    'a JSON file with parts of COCO is refused with what is missing and what to do: %s',
    (_what, value, message) => {
      const refused = cocoMissing(json('x/data.json', value), ['x/a.jpg', 'notes.csv']);
      expect(refused).toContain(`The archive has no usable COCO file: x/data.json ${message}`);
    },
  );

  it('a JSON file with parts of COCO is described by all of it, not by its beginning', () => {
    const many = Array.from({ length: 3_000 }, (_, i) => image(i, `${i}.jpg`));
    expect(cocoMissing(data({ images: many, objects: annotations }), [])).toContain(
      'has images, but no list named annotations',
    );
  });

  it.each([
    ['JSON encoded twice', JSON.stringify(JSON.stringify(coco)), 'it is a text that contains JSON'],
    ['a Python literal', "{'images': [], 'annotations': []}", 'it has single quotes around texts'],
    ['names without quotes', '{images: [], annotations: []}', 'it has member names without quotes'],
    ['nothing', '', 'data.json is not valid JSON: it is empty. Export it again.'],
    ['YAML', 'images:\n  - id: 1\n', 'data.json is not JSON. Export it in COCO format.'],
    ['a web page', '<!DOCTYPE html><html>', 'data.json is a web page, not JSON. The download failed'],
  ])('a JSON file that is not JSON is refused with what it has: %s', (_what, text, message) => {
    expect(cocoMissing({ 'data.json': text }, ['a.jpg'])).toContain(message);
  });

  it('a JSON file that is not JSON but gzip is refused with the advice to unpack it', () => {
    const { message } = refusal({ 'data.json': Buffer.from([0x1f, 0x8b, 8, 0, 0]) });
    expect(message).toBe(
      'The archive has no usable COCO file: data.json is a gzip archive (.gz, .tar.gz), not JSON. Unpack it and zip the JSON file with the images.',
    );
  });

  it('a JSON file whose long path is shown is shortened, so that the message is readable', () => {
    const path = `${'folder/'.repeat(30)}data.json`;
    expect(cocoMissing(json(path, { images, categories }), [])).toMatch(
      /COCO file: ….*\/data\.json has images/,
    );
  });
});
