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

  it('a rotation beside the bbox is not reported beside the attribute of CVAT, which was applied', () => {
    const { box, merged } = readBox({ bbox: BBOX, rotation: 90, attributes: { rotation: 90 } });
    expect(box).toEqual([20, 10, 20, 40]);
    expect(merged.findings).toEqual([]);
  });
});
