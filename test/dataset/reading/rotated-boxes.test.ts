import { describe, expect, it } from '@jest/globals';
import { annotation, codesOf, image, merge, readBox } from './coco-export.js';

const BBOX = [10, 20, 40, 20];
/** The bbox turned by a quarter about its centre, and clockwise about its upper left corner. */
const ABOUT_CENTRE = [40, 10, 40, 50, 20, 50, 20, 10];
const ABOUT_CORNER = [10, 20, 10, 60, -10, 60, -10, 20];
/** A rhombus with the bounds of the bbox. */
const RHOMBUS = [30, 20, 50, 30, 30, 40, 10, 30];

describe('a rotation beside the bbox', () => {
  it.each<[string, object, number[], number[]]>([
    ['about its centre', { rotation: 90 }, ABOUT_CENTRE, [20, 10, 20, 40]],
    ['about its centre, against the clock', { rotation: -90 }, ABOUT_CENTRE, [20, 10, 20, 40]],
    ['about its centre, in radians', { theta: Math.PI / 2 }, ABOUT_CENTRE, [20, 10, 20, 40]],
    ['about its corner', { angle: '90' }, ABOUT_CORNER, [-10, 20, 20, 40]],
    [
      'about its corner by half a turn',
      { rotation: 180 },
      [10, 20, -30, 20, -30, 0, 10, 0],
      [-30, 0, 40, 20],
    ],
  ])(
    'a box with a rotation beside its bbox has the bounds of its polygon if that is the bbox rotated %s',
    (_what, angle, polygon, bounds) => {
      const { box, merged } = readBox({ bbox: BBOX, segmentation: [polygon], ...angle });
      expect(box).toEqual(bounds);
      expect(merged.findings).toEqual([]);
    },
  );

  it('keeps a bbox that is the bounds of its rotated polygon or mask', () => {
    const mask = { size: [80, 100], counts: [820, 20, 60, 20, 7080] };
    for (const [bbox, segmentation] of [
      [BBOX, [RHOMBUS]],
      [[10, 20, 2, 20], mask],
    ]) {
      const { box, merged } = readBox({ bbox, segmentation, rotation: 45 });
      expect(box).toEqual(bbox);
      expect(merged.findings).toEqual([]);
    }
  });

  it.each<[string, object]>([
    ['there is no polygon', { rotation: 30 }],
    ['there is no polygon, by half a turn, which moves boxes about a corner', { rotation: 180 }],
    ['its name is angle', { angle: 30 }],
    ['its name is theta', { theta: 0.5 }],
    ['the polygon is not rotated either', { rotation: 30, segmentation: [[10, 20, 50, 20, 50, 40, 10, 40]] }],
    [
      'the polygon is that of another rotation',
      { rotation: 10, segmentation: [[30, 25, 60, 25, 60, 45, 30, 45]] },
    ],
  ])('a rotation beside the bbox is not applied, with a warning, if %s', (_what, more) => {
    const { box, merged } = readBox({ bbox: BBOX, ...more });
    expect(box).toEqual(BBOX);
    expect(merged.findings).toContainEqual(
      expect.objectContaining({ code: 'ROTATIONS_NOT_APPLIED', count: 1, examples: ['a.jpg'] }),
    );
  });

  it('a rotation beside the bbox is not applied, with a warning, if the bbox was read in the convention of others', () => {
    const polygon = [10, 20, 40, 20, 40, 60, 10, 60];
    const corners = { bbox: [10, 20, 40, 60] };
    const proving = Array.from({ length: 3 }, () => annotation(1, { ...corners, segmentation: [polygon] }));
    const annotations = [...proving, annotation(1, { bbox: [5, 6, 25, 36], rotation: 30 })];
    const merged = merge({ 'c.json': { images: [image(1, 'a.jpg')], annotations } }, ['a.jpg']);
    expect(codesOf(merged)).toEqual(expect.arrayContaining(['BOXES_CONVERTED', 'ROTATIONS_NOT_APPLIED']));
  });

  it.each([0, 360, null, 'none'])('means nothing if it is %j', (rotation) => {
    expect(readBox({ bbox: BBOX, rotation }).merged.findings).toEqual([]);
  });

  it('a rotation beside the bbox is not reported as not applied beside the attribute of CVAT, which was applied', () => {
    const { box, merged } = readBox({ bbox: BBOX, rotation: 90, attributes: { rotation: 90 } });
    expect(box).toEqual([20, 10, 20, 40]);
    expect(codesOf(merged)).toEqual(['BOXES_ROTATED']);
  });
});

describe('a rotation among the attributes', () => {
  /** Merges a COCO file with boxes of one angle in images of 100 x 80 pixels. */
  const withAngle = (rotation: number, boxes: readonly number[][]) => {
    const annotations = boxes.map((bbox) => annotation(1, { bbox, attributes: { rotation } }));
    return merge({ 'c.json': { images: [image(1, 'a.jpg')], annotations } }, ['a.jpg']);
  };
  const boxesIn = (merged: ReturnType<typeof merge>) =>
    merged.images[0]?.boxes.map(({ x, y, width, height }) => [x, y, width, height]);

  it('a rotation among the attributes is reported with the count and the images if it was applied', () => {
    const merged = withAngle(90, [BBOX, [50, 30, 20, 10]]);
    expect(boxesIn(merged)).toEqual([
      [20, 10, 20, 40],
      [55, 25, 10, 20],
    ]);
    expect(merged.findings).toMatchObject([{ code: 'BOXES_ROTATED', count: 2, examples: ['a.jpg'] }]);
  });

  const ALONG_EDGE = [
    [10, 2, 60, 10],
    [20, 5, 60, 10],
    [30, 8, 60, 10],
  ];

  it('a rotation among the attributes is not applied to any box of a COCO file, with a warning, if boxes leave their images only when rotated', () => {
    const merged = withAngle(90, [...ALONG_EDGE, BBOX]);
    expect(boxesIn(merged)).toEqual([...ALONG_EDGE, BBOX]);
    expect(merged.findings).toMatchObject([{ code: 'ROTATIONS_NOT_APPLIED', count: 4 }]);
  });

  it.each([
    ['two boxes leave their images when rotated', 90, ALONG_EDGE.slice(1)],
    [
      'only corners of rotated rectangles lie beyond the image',
      45,
      [
        [40, 2, 20, 20],
        [50, 2, 20, 20],
        [60, 2, 20, 20],
      ],
    ],
  ])('a rotation among the attributes is applied if %s', (_what, rotation, boxes) => {
    expect(codesOf(withAngle(rotation, boxes))).toEqual(['BOXES_ROTATED']);
  });
});
