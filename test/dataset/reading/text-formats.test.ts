import { describe, expect, it } from '@jest/globals';
import { lines, refusedText } from './refused-files.js';

const LONG_FOLDER = 'a folder with a long name/'.repeat(4);
const TO_COCO = 'Convert it to COCO: one object with the lists images';

describe('an archive without COCO and JSON', () => {
  it.each<[string, string, string, string]>([
    [
      'a Rekognition manifest for classification, without boxes',
      'train.manifest',
      lines({
        'source-ref': 's3://b/a.jpg',
        bolt: 1,
        'bolt-metadata': { type: 'groundtruth/image-classification' },
      }),
      'Label the objects with boxes',
    ],
    [
      'a SageMaker Ground Truth manifest',
      'train.manifest',
      lines({
        'source-ref': 's3://b/a.jpg',
        boxes: {},
        'boxes-metadata': { type: 'groundtruth/object-detection' },
      }),
      '`curator export <dataset> --format coco --out <ZIP>`',
    ],
    [
      'an ODVG file, as Grounding DINO uses it (JSON Lines)',
      'train.jsonl',
      lines({ filename: 'a.jpg', height: 9, width: 9, detection: { instances: [] } }),
      TO_COCO,
    ],
    [
      'an Ultralytics dataset (NDJSON)',
      'bolts.ndjson',
      lines(
        { type: 'dataset', task: 'detect', class_names: { '0': 'bolt' } },
        { type: 'image', file: 'a.jpg' },
      ),
      TO_COCO,
    ],
    [
      'an Oracle Cloud (OCI) Data Labeling export',
      'records.jsonl',
      lines({ id: 'ocid1', sourceDetails: { type: 'OBJECT_STORAGE', path: 'a.jpg' }, annotations: [] }),
      'In OCI Data Labeling',
    ],
    [
      'a file of chat messages for a language model (JSON Lines)',
      'train.jsonl',
      lines({ messages: [{ role: 'user', content: [] }] }),
      'In Roboflow',
    ],
    ['a GeoJSON file', 'cells.geojson', lines({ type: 'FeatureCollection', features: [] }), TO_COCO],
    [
      'a LabelMe export (XML)',
      'a.xml',
      '<annotation><filename>a.jpg</filename><object><polygon><pt><x>1</x></pt></polygon></object></annotation>',
      'datum convert -if label_me',
    ],
    [
      'a dlib (imglab) annotation file (XML)',
      'boxes.xml',
      "<?xml version='1.0'?>\n<dataset>\n<images>\n<image file='a.jpg'><box top='1'/></image>",
      TO_COCO,
    ],
    ['a text file of boxes', 'a.txt', lines('Traffic light 1.0 2.5 30.0 40.0', 'Car 5 6 70.25 80'), TO_COCO],
    ['a VisDrone export', 'a.txt', lines('684,8,273,116,0,0,0,0', '406,119,265,70,1,4,0,1,'), TO_COCO],
    [
      'a CrowdHuman annotation file (odgt)',
      'train.odgt',
      lines({ ID: 'a', gtboxes: [{ tag: 'person', fbox: [1, 2, 3, 4] }] }),
      TO_COCO,
    ],
    ['a text file of boxes', 'a.txt', lines('0 50 60 30 40', '1 12.5 60 30 40'), TO_COCO],
    ['a YOLO export', 'a.txt', lines('0 0.5 0.5 0.2 0.1 0.45 0.5 2 0.55 0.5 1'), 'In Roboflow'],
    ['a YOLO export', 'a.txt', lines('0 0.5 0.5 1.0000002 -0.000001'), 'In Roboflow'],
    ['a PaddleOCR label file', 'Label.txt', 'images/a.jpg\t[{"transcription": "M8", "points": []}]', TO_COCO],
    ['a table of boxes', 'labels.csv', lines('bolt,1,2,30,40,a.jpg,200,200'), TO_COCO],
    [
      'a table of boxes',
      'labels.csv',
      lines('patientId,x,y,width,height,Target', '1,2,3,4,5,1'),
      'In Roboflow',
    ],
    ['a Labelbox export (CSV)', 'export.csv', 'ID,DataRow ID,Labeled Data,Label,Created By', TO_COCO],
    [
      'a Label Studio export (CSV)',
      'project.csv',
      'annotation_id,annotator,created_at,id,image,label,lead_time',
      'In Label Studio: Export → COCO with Images.',
    ],
    [
      'an Azure Machine Learning export (CSV)',
      'labels.csv',
      'image_url,label,label_confidence',
      'In Azure Machine Learning: export',
    ],
    ['a Toloka export (TSV)', 'assignments.tsv', 'INPUT:image\tOUTPUT:result\tASSIGNMENT:status', TO_COCO],
  ])('the format of a text file is named with the way to COCO: %s in %s', (name, path, content, advice) => {
    for (const folder of ['', LONG_FOLDER]) {
      const message = refusedText({ [`${folder}${path}`]: content });
      expect(message).toContain(`${path} is ${name}. `);
      expect(message).toContain(advice);
    }
  });

  it.each<[string, Readonly<Record<string, string>>, string]>([
    [
      'captions of images are not named YOLO',
      { 'a.txt': 'a photo of a bolt on a table' },
      'it has no JSON file',
    ],
    ['an empty label file is YOLO', { 'a.txt': '' }, 'it is a YOLO export, as a.txt shows'],
    [
      'hidden files say nothing',
      {
        ...Object.fromEntries(['a', 'b', 'c'].map((name) => [`.idea/${name}.xml`, '<project/>'])),
        'labels/a.xml': '<annotation><object></object></annotation>',
      },
      'labels/a.xml is a Pascal VOC export (XML)',
    ],
    [
      'unknown XML is not named Pascal VOC',
      { 'a.xml': '<?xml version="1.0"?><project><module/></project>' },
      'it is a dataset with labels in an XML format that is not known',
    ],
  ])('the format of a text file is not guessed from its name: %s', (_what, files, what) => {
    expect(refusedText(files)).toContain(what);
  });

  it.each([
    '<annotation>'.repeat(2_000) + '<object>'.repeat(5_000),
    '<dataset><images>'.repeat(3_800),
    'labeled data,annotator,'.repeat(2_800),
  ])(
    'text that repeats the signs of formats is refused without searching all combinations: %.30s',
    (content) => {
      expect(refusedText({ 'a.txt': content })).toMatch(/Pascal VOC|no JSON file/);
    },
  );

  it.each(['study/1.dcm', 'DICOMDIR', 'scans/a.nii.gz', 'scans/a.nrrd'])(
    'the format of an archive is named as medical images by %s',
    (path) => {
      const message = refusedText({ [path]: '\u0000\u0001', 'patients.csv': 'patient,age' }, []);
      expect(message).toContain(
        `it is a dataset of medical images, as ${path} shows. Save the images as JPEG or PNG`,
      );
    },
  );

  it('a folder per class is refused with the advice to draw boxes', () => {
    const images = [`${LONG_FOLDER}bolt/a.jpg`, `${LONG_FOLDER}nut/b.jpg`];
    expect(refusedText({}, images)).toContain('Draw boxes, then export. In Roboflow: Export → COCO.');
  });
});
