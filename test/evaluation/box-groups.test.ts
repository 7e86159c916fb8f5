import { describe, expect, it } from '@jest/globals';
import { groupByPosition, groupBySize, type SizedImage } from '../../src/evaluation/box-groups.js';
import { judgeImage } from '../../src/evaluation/error-kinds.js';

type Place = readonly [left: number, top: number, side: number];
const boxOf = ([left, top, side]: Place) => ({ label: 'cat', left, top, width: side, height: side });

/** An image of 200 by 200 pixels with objects, and detections on the places that are given second. */
function image(objects: readonly Place[], detected: readonly Place[]): SizedImage {
  const detections = detected.map((place) => ({ ...boxOf(place), confidence: 0.9 }));
  const judged = judgeImage({ truth: objects.map(boxOf), detections }, new Map([['cat', 0.5]]));
  return { ...judged, width: 200, height: 200 };
}

describe('the groups of boxes by size', () => {
  const small: Place = [10, 10, 10];
  const medium: Place = [50, 50, 20];
  const large: Place = [100, 100, 40];
  const images = (count: number) =>
    Array.from({ length: count }, () => image([small, medium, large], [medium, large, [5, 100, 12]]));

  it('are thirds of the labelled objects by their share of the image', () => {
    expect(groupBySize(images(10))).toEqual({
      ...{ mediumFrom: 0.01, largeFrom: 0.04 },
      groups: [
        { name: 'small', objects: 10, found: 0, falseAlarms: 10 },
        { name: 'medium', objects: 10, found: 10, falseAlarms: 0 },
        { name: 'large', objects: 10, found: 10, falseAlarms: 0 },
      ],
    });
  });

  it('are not shown if one has too few objects to be judged', () => {
    expect(groupBySize(images(9))).toBeNull();
  });

  it('are not shown if all objects are equally large', () => {
    expect(groupBySize(Array.from({ length: 40 }, () => image([small], [])))).toBeNull();
  });

  it('are not shown without objects', () => {
    expect(groupBySize([])).toBeNull();
  });
});

describe('the groups of boxes by position', () => {
  it.each<[string, Place, string]>([
    ['the middle if the centre is in the middle half', [95, 50, 10], 'middle'],
    ['outside the middle if the centre is not in the middle half of the height', [95, 40, 10], 'outside'],
    ['outside the middle if the box ends just before the border', [187, 95, 10], 'outside'],
    ['the border if the box ends at it', [188, 95, 10], 'border'],
    ['the border if a large box starts at it', [2, 10, 180], 'border'],
  ])('count an object in %s', (_, place, name) => {
    const groups = groupByPosition([image([place], [place])]);
    expect(groups.filter(({ found }) => found > 0)).toEqual([{ name, objects: 1, found: 1, falseAlarms: 0 }]);
  });

  it('count a false alarm where it lies', () => {
    const groups = groupByPosition([image([[95, 95, 10]], [[0, 0, 10]])]);
    expect(groups).toEqual([
      { name: 'middle', objects: 1, found: 0, falseAlarms: 0 },
      { name: 'outside', objects: 0, found: 0, falseAlarms: 0 },
      { name: 'border', objects: 0, found: 0, falseAlarms: 1 },
    ]);
  });
});
