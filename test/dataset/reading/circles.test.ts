import { describe, expect, it } from '@jest/globals';
import { createRandom } from '../../../src/lib/random.js';
import { annotation, merge } from './coco-export.js';

const SIZE = { width: 640, height: 480 };
type Point = readonly [x: number, y: number];

/** Circles all over the images: the centre, and a point on the rim to its lower right. */
function circles(count: number): { readonly centre: Point; readonly rim: Point; readonly radius: number }[] {
  const random = createRandom(5);
  return Array.from({ length: count }, () => {
    const radius = 5 * random.integer(4, 14);
    const room = (side: number) => random.integer(radius, side - radius);
    const centre = [room(SIZE.width), room(SIZE.height)] as const;
    return { centre, rim: [centre[0] + 0.8 * radius, centre[1] + 0.6 * radius], radius };
  });
}

const between = ([x, y]: Point, [right, bottom]: Point) => [x, y, right - x, bottom - y];

/** Reads annotations of one image each. */
function read(annotations: readonly object[]) {
  const images = annotations.map((_, i) => ({ id: i, file_name: `${i}.jpg`, ...SIZE }));
  const coco = { images, annotations: annotations.map((more, i) => annotation(i, more)) };
  const { images: found, findings } = merge(
    { 'c.json': coco },
    images.map(({ file_name: name }) => name),
  );
  const byPath = new Map(found.map(({ path, boxes }) => [path, boxes[0]]));
  return {
    boxes: images.map(({ file_name: name }) => {
      const { x, y, width, height } = byPath.get(name) ?? { x: 0, y: 0, width: 0, height: 0 };
      return [x, y, width, height].map(Math.round);
    }),
    findings: findings.map(({ code, count }) => `${code} ${count}`),
  };
}

describe('polygons of two points', () => {
  it.each<[string, (centre: Point, rim: Point) => object]>([
    ['without a bbox', (centre, rim) => ({ bbox: undefined, segmentation: [[...centre, ...rim]] })],
    ['with their bbox', (a, b) => ({ bbox: between(a, b), segmentation: [[...a, ...b]] })],
    ['as pairs', (a, b) => ({ bbox: between(a, b), segmentation: [[a, b]] })],
  ])('polygons of two points are read as circles %s', (_what, write) => {
    const all = circles(80);
    const { boxes, findings } = read(all.map(({ centre, rim }) => write(centre, rim)));
    expect(boxes).toEqual(
      all.map(({ centre: [x, y], radius }) => [x - radius, y - radius, 2 * radius, 2 * radius]),
    );
    expect(findings).toEqual(['BOXES_FROM_SHAPES 80']);
  });

  it('polygons of two points that may be circles are used as they are, with a warning', () => {
    const few = circles(5);
    const { boxes, findings } = read(
      few.map(({ centre, rim }) => ({ bbox: between(centre, rim), segmentation: [[...centre, ...rim]] })),
    );
    expect(boxes).toEqual(few.map(({ centre, rim }) => between(centre, rim).map(Math.round)));
    expect(findings).toEqual(['SHAPES_CONVERTED 5']);
  });

  it('two corners of rectangles are used without a warning if circles would reach beyond the images', () => {
    const random = createRandom(6);
    const rectangles = Array.from({ length: 40 }, () => {
      const [width, height] = [random.integer(40, 150), random.integer(40, 150)];
      return [random.integer(0, SIZE.width - width), random.integer(0, SIZE.height - height), width, height];
    });
    const { boxes, findings } = read(
      rectangles.map((bbox) => {
        const [x = 0, y = 0, width = 0, height = 0] = bbox;
        return { bbox, segmentation: [[x, y, x + width, y + height]] };
      }),
    );
    expect(boxes).toEqual(rectangles);
    expect(findings).toEqual([]);
  });

  it('the bbox of a circle is used beside a polygon of its centre and rim', () => {
    const all = circles(12).map(({ centre: [x, y], rim, radius }) => ({
      bbox: [x - radius, y - radius, 2 * radius, 2 * radius],
      segmentation: [[x, y, ...rim]],
    }));
    const { boxes, findings } = read(all);
    expect(boxes).toEqual(all.map(({ bbox }) => bbox));
    expect(findings).toEqual(['SHAPES_CONVERTED 12']);
  });
});
