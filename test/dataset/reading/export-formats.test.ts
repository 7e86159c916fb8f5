import { describe, expect, it } from '@jest/globals';
import { annotation, image, merge, refusal } from './coco-export.js';
import { READABLE } from './refused-files.js';

const LONG_FOLDER = 'a folder with a long name/'.repeat(4);
const TO_COCO = 'Convert it to COCO: one object with the lists images';
const corner = { x: 1, y: 2, width: 30, height: 40 };

/** The message for an archive whose labels are in a JSON file, checked to be short beside a long path too. */
function refusedJson(value: unknown): string {
  const messages = ['data.json', `${LONG_FOLDER}data.json`].map((path) => {
    const { type, message } = refusal({ [path]: JSON.stringify(value) }, ['a.jpg']);
    expect(type).toBe('CocoMissing');
    expect(message.length).toBeLessThanOrEqual(READABLE);
    return message;
  });
  return messages[0] ?? '';
}

describe('the format of an archive without COCO', () => {
  it.each<[string, unknown, string]>([
    [
      'a Dataloop export',
      { filename: '/a.jpg', annotations: [{ type: 'box', label: 'bolt', coordinates: [{ x: 1, y: 2 }] }] },
      'DataloopToCoco',
    ],
    ['a Scale Nucleus export', { annotations: [{ geometry: corner, reference_id: 'a.jpg' }] }, TO_COCO],
    [
      'a Scale Nucleus export',
      [{ item: { reference_id: 'a.jpg' }, annotations: { box: [{ geometry: corner }] } }],
      TO_COCO,
    ],
    [
      'an Encord export',
      [{ label_hash: 'f0', data_title: 'a.jpg', data_units: { f1: { labels: { objects: [] } } } }],
      'In Encord: export the labels in COCO format.',
    ],
    [
      'a Kili export',
      [{ id: '1', externalId: 'a.jpg', labels: [{ jsonResponse: { JOB: { annotations: [] } } }] }],
      '`kili project export --project-id <id> --output-format coco',
    ],
    [
      'a Hasty export',
      {
        project_name: 'bolts',
        export_format_version: '1.1',
        label_classes: [{ class_name: 'bolt' }],
        images: [{ image_name: 'a.jpg', labels: [{ class_name: 'bolt', bbox: [1, 2, 31, 42] }] }],
      },
      'In Hasty: export the project in COCO format.',
    ],
    [
      'a Segments.ai release',
      { name: 'bolts', dataset: { task_type: 'bboxes', samples: [] } },
      'export_dataset',
    ],
    [
      'an Azure Custom Vision export',
      [{ id: '1', originalImageUri: 'https://x/a.jpg', regions: [{ tagName: 'bolt', left: 0.1 }] }],
      TO_COCO,
    ],
    ['a Labelbox export', { uuid: '1', dataRow: { globalKey: 'a.jpg' }, bbox: {} }, TO_COCO],
    [
      'a FiftyOne export',
      { classes: ['bolt'], labels: { a: [{ label: 0, bounding_box: [0.1, 0.2, 0.3, 0.4] }] } },
      'COCODetectionDataset',
    ],
    [
      'a CVAT backup',
      [{ version: 0, tags: [], shapes: [{ type: 'rectangle', points: [1, 2, 3, 4] }], tracks: [] }],
      'In CVAT: Export task dataset → COCO 1.0',
    ],
    ['a RectLabel export', { filename: 'a.jpg', image_w_h: [9, 9], objects: [] }, 'In RectLabel: export'],
    ['an MD.ai export', { name: 'scans', labelGroups: [], datasets: [] }, TO_COCO],
    ['a GeoJSON file', { type: 'FeatureCollection', features: [] }, TO_COCO],
    [
      'a SuperAnnotate export',
      [{ type: 'bbox', classId: 1, points: { x1: 1, y1: 2, x2: 3, y2: 4 } }],
      'sa.export_annotation',
    ],
    [
      'a Label Studio JSON export',
      { id: 1, result: [{ type: 'rectanglelabels' }], task: { id: 1, data: { image: 's3://b/a.jpg' } } },
      'In Label Studio: Export → COCO with Images.',
    ],
    [
      'a CreateML export',
      [{ imagefilename: 'a.jpg', annotation: [{ label: 'bolt', coordinates: corner }] }],
      'Export it in COCO format.',
    ],
    [
      'an MMDetection annotation file',
      { metainfo: { classes: ['bolt'] }, data_list: [{ img_path: 'a.jpg', instances: [] }] },
      TO_COCO,
    ],
    ['an MMDetection annotation file', [{ filename: 'a.jpg', ann: { bboxes: [[1, 2, 3, 4]] } }], TO_COCO],
    [
      'a BDD100K label file of one image',
      { name: 'a', frames: [{ timestamp: 1, objects: [{ category: 'car', box2d: {} }] }] },
      TO_COCO,
    ],
    [
      'a file of predictions of a Roboflow model',
      { predictions: [{ ...corner, class: 'bolt', confidence: 0.9 }], image: {} },
      'Upload the labels instead.',
    ],
    [
      'an nnU-Net dataset of medical images',
      { name: 'scans', labels: { '1': 'tumour' }, numTraining: 1 },
      'Save the images as JPEG or PNG',
    ],
    ['a list with one record per image', [{ image_url: 'https://x/a.jpg', boxes: [] }], TO_COCO],
  ])(
    'the format of an archive without COCO is named with the way to COCO: %s, such as %j',
    (name, value, advice) => {
      const message = refusedJson(value);
      expect(message).toContain(`usable COCO file: data.json is ${name}. `);
      expect(message).toContain(advice);
    },
  );

  it('a COCO file is read as COCO, though it also has members of other formats', () => {
    const extra = {
      ...{
        version: '5',
        flags: {},
        shapes: [],
        samples: [{ filepath: 'a.jpg' }],
        item: {},
        dataset: { samples: [] },
      },
      ...{
        export_format_version: '1.1',
        label_classes: [],
        labels: {},
        classes: [],
        predictions: [],
        data_list: [],
      },
      ...{
        _via_img_metadata: {},
        type: 'FeatureCollection',
        metainfo: {},
        result: [],
        task: {},
        label_hash: '1',
      },
    };
    const coco = { ...extra, images: [image(1, 'a.jpg')], annotations: [annotation(1)] };
    expect(merge({ 'data.json': coco }, ['a.jpg']).images).toHaveLength(1);
  });
});
