import { describe, expect, it } from '@jest/globals';
import { annotation, codesOf, image, merge } from './coco-export.js';

describe('dropped annotations', () => {
  it.each<[string, object, string]>([
    ['iscrowd', { iscrowd: 1 }, 'BOXES_CROWD'],
    ['a box without width', { bbox: [1, 1, 0, 5] }, 'BOXES_EMPTY'],
    ['a box of three numbers', { bbox: [1, 2, 3] }, 'BOXES_INVALID'],
    ['the same box twice', { bbox: [9, 9, 9, 9] }, 'BOXES_REPEATED'],
    ['an unknown image', { image_id: 77 }, 'ANNOTATIONS_WITHOUT_IMAGE'],
    ['an unknown category', { category_id: 77 }, 'LABELS_UNDEFINED'],
  ])('are reported with count, share and cases: %s', (_what, more, code) => {
    const annotations = [annotation(1), annotation(1, { bbox: [9, 9, 9, 9] }), annotation(1, more)];
    const merged = merge({ 'c.json': { images: [image(1, 'a.jpg')], annotations } }, ['a.jpg']);
    expect(merged.findings).toMatchObject([{ code, count: 1 }]);
    expect(merged.findings[0]?.message).toMatch(/^1 of 3 annotations \(33 %\)/);
    expect(merged.findings[0]?.examples).toEqual([
      expect.stringMatching(/^(?:a\.jpg: 1|c\.json: (?:image|category)_id 77)$/),
    ]);
  });
});

describe('class names that look the same', () => {
  it.each([
    ['a zero-width space', 'bolt\u200b'],
    ['a no-break space', 'bolt\u00a0'],
    ['a Cyrillic letter', 'bоlt'],
  ])('cause a warning if one has %s', (_what, name) => {
    const categories = [
      { id: 1, name: 'bolt' },
      { id: 2, name },
    ];
    const annotations = [annotation(1), annotation(1, { category_id: 2, bbox: [9, 9, 9, 9] })];
    const merged = merge({ 'c.json': { images: [image(1, 'a.jpg')], annotations, categories } }, ['a.jpg']);
    expect(codesOf(merged)).toEqual(['LABELS_ALIKE']);
  });
});
