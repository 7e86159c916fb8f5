import { describe, expect, it } from '@jest/globals';
import { refusalOf } from '../../support/refusal.js';
import { curated, type Drawn, drawn, findingOf } from '../curating/images.js';

const SETTINGS = { minClassImages: 5 };
const SIZE = { width: 640, height: 480 };

type Write = (x: number, y: number, width: number, height: number) => [number, number, number, number];

/** Boxes all over the images that are the bounds of polygons, written by `write`. */
function shapes(write: Write, { coco = SIZE, ofShapes = 1 } = {}): Drawn[] {
  return Array.from({ length: 40 }, (_, i) => {
    const [x, y] = [220 + ((i * 97) % 230), 20 + ((i * 61) % 310)];
    const [left, top, width, height] = write(x, y, 100 + ((i * 37) % 80), 80 + ((i * 29) % 80));
    const box = { label: 'acne', x: left, y: top, width, height };
    const { image, result } = drawn(`${i}.jpg`, [box], { stored: SIZE, coco, cocoFile: 'a.json' });
    return { image: { ...image, ofShapes }, result };
  });
}

const exchanged: Write = (x, y, width, height) => [y, x, height, width];
const asIs: Write = (x, y, width, height) => [x, y, width, height];
const boxesOf = (images: Drawn[]) => {
  const { train, val } = curated(images, SETTINGS);
  return new Map([...train, ...val].map(({ path, boxes }) => [path, boxes]));
};

describe('polygons or masks without a bbox', () => {
  it('polygons with y before x are read with a warning if only these fit the images', () => {
    const images = shapes(exchanged);
    expect(boxesOf(images)).toEqual(boxesOf(shapes(asIs)));
    expect(findingOf(curated(images, SETTINGS), 'SHAPES_EXCHANGED')).toMatchObject({
      count: 40,
      unit: 'images',
    });
    expect(findingOf(curated(shapes(asIs), SETTINGS), 'SHAPES_EXCHANGED')).toBeUndefined();
  });

  it('polygons are read as they are if records state width and height exchanged', () => {
    const images = shapes(asIs, { coco: { width: 480, height: 640 } });
    expect(boxesOf(images)).toEqual(boxesOf(shapes(asIs)));
    expect(findingOf(curated(images, SETTINGS), 'SIZES_FROM_FILES')?.count).toBe(40);
  });

  it('polygons in fractions are refused with a message about the segmentation', () => {
    const error = refusalOf(() =>
      curated(
        shapes((x, y, width, height) => [x / 640, y / 480, width / 640, height / 480]),
        SETTINGS,
      ),
    );
    expect(error.message).toMatch(/^a\.json: the segmentation of 40 of 40 annotations lies within 0 to 1\./);
    expect(error.message).toContain(
      'Export again with each bbox as [left, top, width, height] in pixels, or with points as x, y in pixels.',
    );
    expect(error.message).not.toContain('A COCO bbox');
  });

  it('polygons with y before x are refused by name if the files have other sizes than the records', () => {
    const images = shapes(exchanged, { coco: { width: 320, height: 240 } }).map(({ image, result }) => ({
      image: {
        ...image,
        boxes: image.boxes.map(({ label, x, y, width, height }) => ({
          ...{ label, x: x / 2, y: y / 2 },
          ...{ width: width / 2, height: height / 2 },
        })),
      },
      result,
    }));
    const error = refusalOf(() => curated(images, SETTINGS));
    expect(error.message).toMatch(
      /^a\.json: the segmentation of \d+ of 40 annotations reaches beyond its image\./,
    );
    expect(error.message).toContain('polygons with y before x, or masks by rows');
  });

  it('polygons in percent are warned about with a message about the segmentation', () => {
    const images = shapes((x, y, width, height) => [(x - 218) / 3.2, y / 4.8, width / 6.4, height / 4.8]);
    const finding = findingOf(curated(images, SETTINGS), 'BOXES_IN_OTHER_CONVENTION');
    expect(finding?.message).toContain('in a.json all 40 polygons or masks lie within 0 to 100');
    expect(finding?.message).toContain('Check them in the report and export them again.');
  });

  it('boxes with y before x are not exchanged if they are written as bbox', () => {
    const error = refusalOf(() => curated(shapes(exchanged, { ofShapes: 0 }), SETTINGS));
    expect(error.message).toContain('[top, left, height, width]');
  });
});
