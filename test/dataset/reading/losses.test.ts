import { describe, expect, it } from '@jest/globals';
import { annotation, image, merge } from './coco-export.js';

describe('dropped annotations', () => {
  it.each<[string, object, string, string]>([
    ['iscrowd', { iscrowd: 1 }, 'BOXES_CROWD', 'a.jpg: 1'],
    ['a box without width', { bbox: [1, 1, 0, 5] }, 'BOXES_EMPTY', 'a.jpg: bbox [1,1,0,5]'],
    ['a box with a negative height', { bbox: [1, 1, 5, -5] }, 'BOXES_EMPTY', 'a.jpg: bbox [1,1,5,-5]'],
    ['a box of three numbers', { bbox: [1, 2, 3] }, 'BOXES_INVALID', 'a.jpg: bbox [1,2,3]'],
    ['no box', { bbox: undefined }, 'BOXES_INVALID', 'a.jpg: bbox missing'],
    ['the same box twice', { bbox: [9, 9, 9, 9] }, 'BOXES_REPEATED', 'a.jpg: 1'],
    ['panoptic segments', { bbox: undefined, segments_info: [] }, 'BOXES_PANOPTIC', 'a.jpg: 1'],
    ['an unknown image', { image_id: 77 }, 'ANNOTATIONS_WITHOUT_IMAGE', 'c.json: image_id 77'],
    ['an unknown category', { category_id: 77 }, 'LABELS_UNDEFINED', 'c.json: category_id 77'],
  ])('dropped annotations are reported with count, share and cases: %s', (_what, more, code, example) => {
    const annotations = [annotation(1), annotation(1, { bbox: [9, 9, 9, 9] }), annotation(1, more)];
    const merged = merge({ 'c.json': { images: [image(1, 'a.jpg')], annotations } }, ['a.jpg']);
    expect(merged.findings).toMatchObject([{ code, count: 1 }]);
    expect(merged.findings[0]?.message).toMatch(/^1 of 3 annotations \(33 %\)/);
    expect(merged.findings[0]?.examples).toEqual([example]);
  });

  it('dropped annotations show one cut bbox per image, the same in any order of the file', () => {
    const long = Array.from({ length: 40 }, (_, i) => i);
    const bad = [[2, 2, 0, 0], long, [1, 1, 0, 0], 'none'].map((bbox) => annotation(1, { bbox }));
    for (const annotations of [bad, [...bad].reverse()]) {
      const coco = { images: [image(1, 'a.jpg')], annotations: [annotation(1), ...annotations] };
      expect(merge({ 'c.json': coco }, ['a.jpg']).findings).toMatchObject([
        { code: 'BOXES_INVALID', examples: ['a.jpg: 2, such as bbox "none"'] },
        { code: 'BOXES_EMPTY', examples: ['a.jpg: 2, such as bbox [1,1,0,0]'] },
      ]);
    }
    const only = { images: [image(1, 'a.jpg')], annotations: [annotation(1, { bbox: long }), annotation(1)] };
    const [example = ''] = merge({ 'c.json': only }, ['a.jpg']).findings[0]?.examples ?? [];
    expect(example).toMatch(/^a\.jpg: bbox \[0,1,2,/);
    expect(example.length).toBeLessThan(80);
  });
});
