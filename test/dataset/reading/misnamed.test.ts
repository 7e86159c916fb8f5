import { describe, expect, it } from '@jest/globals';
import { annotation, CATEGORIES, image, merge, refusal } from './coco-export.js';

/** The records with a member under another name. */
function renamed(records: readonly object[], from: string, to: string): object[] {
  return records.map((record) =>
    Object.fromEntries(Object.entries(record).map(([key, value]) => [key === from ? to : key, value])),
  );
}

const images = [image(1, 'a.jpg'), image(2, 'b.jpg')];
const annotations = [annotation(1), annotation(2)];
const coco = { images, annotations, categories: CATEGORIES };
const text = (more: object) => ({ 'c.json': JSON.stringify({ ...coco, ...more }) });
const PATHS = ['a.jpg', 'b.jpg'];

describe('a member under another name', () => {
  it.each([
    ['image_id', 'imageId'],
    ['image_id', 'ImageID'],
    ['image_id', 'img_id'],
    ['image_id', 'image'],
    ['category_id', 'categoryId'],
    ['category_id', 'class_id'],
    ['category_id', 'label'],
    ['bbox', 'bboxes'],
    ['bbox', 'boundingBox'],
    ['bbox', 'bounding_box'],
    ['bbox', 'rect'],
  ])('a member under another name is named with the annotation that has it: %s as %s', (member, other) => {
    const { type, message, details } = refusal(
      text({ annotations: renamed(annotations, member, other) }),
      PATHS,
    );
    expect(type).toBe('NoUsableImages');
    expect(message).toMatch(
      /^None of the 2 annotations can be used: 2 (?:of an unknown image id|of an undefined category|without a readable bbox or segmentation)\./,
    );
    expect(message).toContain(`In c.json, annotations[0] has ${other}; COCO names it ${member}. Rename it.`);
    expect(message.length).toBeLessThanOrEqual(300);
    expect(details.count).toBe(2);
  });

  it.each([
    ['images', 'file_name', 'file'],
    ['images', 'file_name', 'fileName'],
    ['images', 'file_name', 'image'],
    ['images', 'id', 'image_id'],
    ['categories', 'name', 'title'],
    ['categories', 'id', 'category_id'],
  ])(
    'a member under another name is named with the record that has it: %s with %s as %s',
    (list, member, other) => {
      const records = list === 'images' ? images : CATEGORIES.slice(1);
      const { type, message } = refusal(text({ [list]: renamed(records, member, other) }), PATHS);
      expect(type).toBe('CocoInvalid');
      expect(message).toBe(`c.json: ${list}[0] has ${other}; COCO names it ${member}. Rename it.`);
    },
  );

  it('a member under another name is shown in the finding if only some annotations have it', () => {
    const some = [annotation(1), ...renamed([annotation(2), annotation(2)], 'image_id', 'imageId')];
    const ofClass = renamed([annotation(2)], 'category_id', 'classId');
    const { findings } = merge(text({ annotations: [...some, ...ofClass] }), PATHS);
    expect(findings).toMatchObject([
      {
        code: 'ANNOTATIONS_WITHOUT_IMAGE',
        count: 2,
        examples: ['c.json: has imageId; COCO names it image_id'],
      },
      {
        code: 'LABELS_UNDEFINED',
        count: 1,
        examples: ['c.json: has classId; COCO names it category_id'],
      },
      expect.anything(),
    ]);
  });

  it('a member under another name is not looked for in annotations that were dropped for another reason', () => {
    const crowd = renamed([annotation(2, { iscrowd: 1 })], 'bbox', 'bboxes');
    const { findings } = merge(text({ annotations: [annotation(1), ...crowd] }), PATHS);
    expect(JSON.stringify(findings)).not.toContain('bboxes');
  });
});

describe('members under other names in all records', () => {
  it('members under other names in all records are refused with those of the first image', () => {
    const { type, message } = refusal(
      text({
        images: renamed(images, 'file_name', 'fileName'),
        annotations: renamed(annotations, 'image_id', 'imageId'),
      }),
      PATHS,
    );
    expect(type).toBe('NoUsableImages');
    expect(message).toContain('In c.json, image id 1 has fileName; COCO names it file_name.');
  });
});

describe('a box under another name', () => {
  it('a box under another name is named if its annotation has an empty segmentation', () => {
    const boxes = renamed([annotation(1, { segmentation: [] })], 'bbox', 'box');
    expect(refusal(text({ annotations: boxes }), PATHS).message).toContain(
      'In c.json, annotations[0] has box; COCO names it bbox. Rename it.',
    );
  });
});

describe('a record in another form', () => {
  const { bbox: _bbox, ...unboxed } = annotation(1);
  it.each<[string, object, string]>([
    [
      'x, y, width and height',
      { ...unboxed, x: 1, y: 2, width: 3, height: 4 },
      'Write them as bbox: [x, y, width, height].',
    ],
    ['keypoints', { ...unboxed, keypoints: [1, 2, 2] }, 'Export COCO for object detection'],
    ['caption', { id: 1, image_id: 1, caption: 'a bolt' }, 'Export COCO for object detection'],
  ])('a record in another form is refused with what it has and what to do: %s', (what, one, advice) => {
    const { type, message } = refusal(text({ annotations: [one] }), PATHS);
    expect(type).toBe('NoUsableImages');
    expect(message).toContain(`In c.json, annotations[0] has ${what}`);
    expect(message).toContain(advice);
    expect(message.length).toBeLessThanOrEqual(300);
  });

  it.each<[string, object]>([
    ['an empty list', { bbox: [] }],
    ['null', { bbox: null, segmentation: [] }],
    ['zeros', { bbox: [0, 0, 0, 0], segmentation: [] }],
  ])('annotations with keypoints are refused as such if their bbox is %s', (_what, more) => {
    const one = { image_id: 1, category_id: 1, keypoints: [5, 5, 2], num_keypoints: 1, ...more };
    const { type, message } = refusal(text({ annotations: [one] }), PATHS);
    expect(type).toBe('NoUsableImages');
    expect(message).toContain(
      'In c.json, annotations[0] has keypoints, but no bbox or segmentation of an object.',
    );
    expect(message).toContain('Export COCO for object detection');
  });

  it.each<[string, object, string]>([
    [
      'annotations that are texts',
      { annotations: ['bolt'] },
      'annotations[0] is "bolt", not an object with image_id.',
    ],
    ['images that are texts', { images: PATHS }, 'images[0] is "a.jpg", not an object with file_name.'],
    [
      'images that are lists',
      { images: [['a.jpg', 9, 9]] },
      'images[0] is a list, not an object with file_name.',
    ],
  ])('a record in another form is refused if it is not an object: %s', (_what, more, message) => {
    const error = refusal(text(more), PATHS);
    expect(error.message).toContain(message);
    expect(error.message).toContain('Write it as COCO defines it.');
  });
});
