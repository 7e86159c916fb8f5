import { describe, expect, it } from '@jest/globals';
import { annotation, codesOf, image, merge } from './coco-export.js';

const NODULE: readonly number[] = [4, 4, 90, 70];
const PUSTULE: readonly number[] = [60, 50, 20, 10];
const times = (factor: number, box: readonly number[]) => box.map((value) => value * factor);

/** A COCO file that states one box of one image, whose size is 100 x 80. */
const coco = (size: object, category: number, bbox: readonly number[]) => ({
  images: [{ ...image(1, 'x.jpg'), ...size }],
  annotations: [annotation(1, { category_id: category, bbox })],
});
const nodules = coco({}, 1, NODULE);
const read = (pustules: ReturnType<typeof coco>) =>
  merge({ 'a.json': nodules, 'b.json': pustules }, ['x.jpg']);
const boxesOf = ({ images }: ReturnType<typeof merge>) =>
  images[0]?.boxes.map(({ label, x, y, width, height }) => [label, x, y, width, height]);

describe('COCO files that state different sizes for one image', () => {
  it.each([0.5, 2])(
    'each COCO file is scaled from its own size if a second one states %s times the size',
    (factor) => {
      const size = { width: 100 * factor, height: 80 * factor };
      const merged = read(coco(size, 2, times(factor, PUSTULE)));
      expect(boxesOf(merged)).toEqual([
        ['nodule', ...NODULE],
        ['pustule', ...PUSTULE],
      ]);
      expect(merged.images[0]).toMatchObject({ width: 100, height: 80 });
      const sizes = `100 x 80 in a.json, ${size.width} x ${size.height} in b.json`;
      expect(merged.findings).toMatchObject([
        { code: 'COCO_SIZES_DIFFER', count: 1, unit: 'images', examples: [`x.jpg: ${sizes}`] },
      ]);
    },
  );

  it('a COCO file is not scaled if its boxes fit only the size that another file states', () => {
    expect(boxesOf(read(coco({ width: 50, height: 40 }, 2, PUSTULE)))).toContainEqual([
      'pustule',
      ...PUSTULE,
    ]);
  });

  it('a COCO file that states too large a size is not scaled if all its boxes lie within the true size', () => {
    const files = Array.from({ length: 6 }, (_, i) => i + 1);
    const all = (of: ReturnType<typeof coco>) => ({
      images: files.map((id) => ({ ...of.images[0], id, file_name: `${id}.jpg` })),
      annotations: files.map((id) => ({ ...of.annotations[0], image_id: id })),
    });
    const large = coco({ width: 640, height: 640 }, 2, PUSTULE);
    const names = files.map((id) => `${id}.jpg`);
    const merged = merge({ 'a.json': all(nodules), 'b.json': all(large) }, names);
    expect(boxesOf(merged)).toContainEqual(['pustule', ...PUSTULE]);
  });

  it('the size is unknown if two COCO files state the sides in different orders', () => {
    const merged = read(coco({ width: 80, height: 100 }, 2, PUSTULE));
    expect(merged.images[0]).toMatchObject({ width: null, height: null });
    expect(codesOf(merged)).toEqual([]);
  });

  it('two records of one COCO file are scaled to the larger of their sizes, in any order', () => {
    const images = [image(1, 'x.jpg'), { ...image(2, 'x.jpg'), width: 200, height: 160 }];
    const annotations = [
      annotation(1, { bbox: NODULE }),
      annotation(2, { category_id: 2, bbox: times(2, PUSTULE) }),
    ];
    for (const records of [images, [...images].reverse()]) {
      const merged = merge({ 'c.json': { images: records, annotations } }, ['x.jpg']);
      expect(boxesOf(merged)).toEqual([
        ['nodule', ...times(2, NODULE)],
        ['pustule', ...times(2, PUSTULE)],
      ]);
      expect(codesOf(merged)).toContain('IMAGES_OVERWRITTEN');
    }
  });
});
