import { describe, expect, it } from '@jest/globals';
import { annotation, image, merge } from './coco-export.js';

const BOX = [20, 10, 30, 40];

/** Two images of 100 × 80 pixels, with two annotations in the first one: only the second has the members. */
function found(members: object, more: object = {}) {
  const coco = {
    images: [image(1, 'a.jpg'), image(2, 'photos/b.jpg')],
    annotations: [annotation(1, { bbox: [60, 10, 20, 20] }), annotation(1, { bbox: BOX, ...members })],
    categories: [
      { id: 1, name: 'nodule', supercategory: 'lesion' },
      { id: 2, name: 'pustule', supercategory: 'lesion' },
      { id: 3, name: 'lesion' },
    ],
    ...more,
  };
  return merge({ 'c.json': coco }, ['a.jpg', 'photos/b.jpg']).findings.filter(({ code }) =>
    code.endsWith('_CONTRADICT'),
  );
}

describe('members that repeat what an annotation says', () => {
  it.each<[string, object, string, string]>([
    [
      'the name of another class',
      { category_name: 'pustule' },
      'CATEGORY_NAMES_CONTRADICT',
      'category_name "pustule", category_id 1 = "nodule"',
    ],
    ['the name of another image', { file_name: 'b.jpg' }, 'IMAGE_NAMES_CONTRADICT', 'file_name "b.jpg"'],
    [
      'the name of another image without extension',
      { image_name: 'b' },
      'IMAGE_NAMES_CONTRADICT',
      'image_name "b"',
    ],
    [
      'corners of another box',
      { bbox_xyxy: [60, 40, 90, 70] },
      'BOX_MEMBERS_CONTRADICT',
      'bbox_xyxy [60,40,90,70]',
    ],
    [
      'fractions of another box',
      { bbox_normalized: [0.4, 0.2, 0.6, 0.9] },
      'BOX_MEMBERS_CONTRADICT',
      'bbox_normalized [0.4,0.2,0.6,0.9]',
    ],
    [
      'keypoints outside the bbox',
      { keypoints: [70, 20, 2, 80, 30, 2, 30, 30, 2, 0, 0, 0] },
      'BOX_MEMBERS_CONTRADICT',
      'keypoints',
    ],
  ])(
    'members of annotations are reported with count and case if they are %s',
    (_what, members, code, example) => {
      const [finding, ...others] = found(members);
      expect(others).toEqual([]);
      expect(finding).toMatchObject({ code, count: 1, unit: 'annotations' });
      expect(finding?.headline).toContain('in 1 of 1 annotations that have both.');
      expect(finding?.examples).toEqual([`c.json: image_id 1: ${example}`]);
    },
  );

  it.each<[string, object]>([
    ['the same class', { category_name: 'nodule' }],
    ['the same class in another letter case', { category_name: 'Nodule' }],
    ['the super-category', { category: 'lesion' }],
    ['a class that the file does not have', { label: 'left' }],
    ['the same image with its folder', { file_name: 'export/a.jpg' }],
    ['the mask of an image', { file_name: 'b_mask.png' }],
    ['the same box as corners', { bbox_xyxy: [20, 10, 50, 50] }],
    ['the same box in fractions', { bbox_norm: [0.35, 0.375, 0.3, 0.5] }],
    ['keypoints of which some are outside', { keypoints: [25, 20, 2, 40, 30, 2, 80, 70, 1] }],
    ['hidden keypoints', { keypoints: [70, 20, 0, 80, 30, 0] }],
    ['keypoints in fractions', { keypoints: [0.3, 0.2, 2, 0.4, 0.3, 2] }],
  ])('members of annotations are not reported if they are %s', (_what, members) => {
    expect(found(members)).toEqual([]);
  });
});
