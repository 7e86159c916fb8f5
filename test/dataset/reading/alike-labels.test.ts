import { describe, expect, it } from '@jest/globals';
import { annotation, image, merge } from './coco-export.js';

/** Merges one COCO file per list of names; each name has one box in an image of its own. */
function labelled(...files: readonly (readonly string[])[]) {
  const cocos = files.map((names, i) => [
    `set${i}/c.json`,
    {
      images: names.map((_, k) => image(k, `${k}.jpg`)),
      annotations: names.map((_, k) => annotation(k, { category_id: k })),
      categories: names.map((name, k) => ({ id: k, name })),
    },
  ]);
  const paths = files.flatMap((names, i) => names.map((_, k) => `set${i}/${k}.jpg`));
  return merge(Object.fromEntries(cocos), paths);
}

describe('class names that a person sees as the same', () => {
  it.each([
    ['an outer space', 'bolt '],
    ['a tab', '\tbolt'],
    ['a zero-width space', 'bo\u200blt'],
    ['a no-break space', 'bolt\u00a0'],
    ['a byte order mark', '\ufeffbolt'],
    ['a soft hyphen', 'bo\u00adlt'],
    ['a variation selector', 'bolt\ufe0f'],
  ])('class names that a person sees as the same are one class: %s', (_what, name) => {
    const merged = labelled(['bolt', name, 'nut']);
    expect(merged.labels).toEqual(['bolt', 'nut']);
    expect(merged.annotations).toEqual({ found: 3, dropped: {} });
    expect(merged.findings).toMatchObject([{ code: 'LABELS_JOINED', count: 1, unit: 'groups' }]);
  });

  it('class names that a person sees as the same are shown with escapes and the boxes of each', () => {
    const { findings } = labelled(['café', 'cafe\u0301'], ['café', 'café\u00a0']);
    expect(findings[0]?.examples).toEqual([
      '"cafe\\u0301" (1 box) / "café" (2 boxes) / "café\\u00a0" (1 box)',
    ]);
  });

  it('class names that a person sees as the same are one class across COCO files', () => {
    const merged = labelled(['white head', 'nut'], ['white  head ', 'nut']);
    expect(merged.labels).toEqual(['nut', 'white head']);
    expect(merged.findings).toMatchObject([{ code: 'LABELS_JOINED', count: 1 }]);
  });

  it('class names that a person sees as the same get the shortest name without outer spaces', () => {
    expect(labelled(['bolt \u200b', 'bolt ']).labels).toEqual(['bolt']);
  });

  it('class names that a person sees as the same make equal boxes repetitions', () => {
    const coco = {
      images: [image(1, 'a.jpg')],
      annotations: [annotation(1), annotation(1, { category_id: 2 })],
      categories: [
        { id: 1, name: 'bolt' },
        { id: 2, name: 'bolt ' },
      ],
    };
    expect(merge({ 'c.json': coco }, ['a.jpg']).annotations).toEqual({ found: 2, dropped: { duplicate: 1 } });
  });

  it('a class name that is shown nowhere is no usable name', () => {
    expect(() => labelled(['\u200b\u00ad '])).toThrow('has no usable name');
  });
});

describe('class names that are nearly the same', () => {
  it.each([
    ['case', 'Bolt'],
    ['an underscore', 'bolt_'],
    ['a Cyrillic letter', 'bоlt'],
    ['full-width letters', 'ｂｏｌｔ'],
  ])('class names that are nearly the same stay two classes, with a warning: %s', (_what, name) => {
    const merged = labelled(['bolt', name]);
    expect(merged.labels).toHaveLength(2);
    expect(merged.findings).toMatchObject([{ code: 'LABELS_ALIKE', count: 1 }]);
  });
});
