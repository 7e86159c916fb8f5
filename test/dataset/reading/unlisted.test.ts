import { describe, expect, it } from '@jest/globals';
import { annotation, codesOf, image, merge } from './coco-export.js';

const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
const coco = {
  images: names.map((name, i) => image(i, `${name}.jpg`)),
  annotations: names.map((_, i) => annotation(i)),
};
const listed = names.map((name) => `images/${name}.jpg`);
const codesWith = (others: readonly string[]) => codesOf(merge({ 'c.json': coco }, [...listed, ...others]));

describe('images in no COCO file', () => {
  it('images in no COCO file are reported as many above 20 % of the images', () => {
    const others = ['images/x.jpg', 'images/y.jpg'];
    expect(codesWith(others)).toEqual(['IMAGES_UNLISTED']);
    const merged = merge({ 'c.json': coco }, [...listed, ...others, 'images/z.jpg']);
    expect(merged.findings).toContainEqual(
      expect.objectContaining({
        ...{ code: 'MANY_IMAGES_UNLISTED', count: 3, unit: 'images' },
        headline: expect.stringContaining('3 of 11 images in the archive (27 %) are in no COCO file'),
      }),
    );
  });

  it.each(['SegmentationClass', 'images/masks', 'thumbnails', 'vis', 'train_gt', 'out/drawn_boxes'])(
    'images in no COCO file are not many if they belong to listed ones: %s',
    (folder) => {
      expect(codesWith(names.map((name) => `${folder}/${name}.png`))).toEqual(['IMAGES_UNLISTED']);
      expect(codesWith(names.map((name) => `${folder}/${name}2.png`))).toContain('MANY_IMAGES_UNLISTED');
    },
  );

  it('images in no COCO file are many if they have the names of another split', () => {
    for (const folder of ['valid', 'visit2', 'sandboxes']) {
      expect(codesWith(names.map((name) => `${folder}/${name}.jpg`))).toContain('MANY_IMAGES_UNLISTED');
    }
  });
});
