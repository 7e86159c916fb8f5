import { describe, expect, it } from '@jest/globals';
import type { SourceBox } from '../../../src/dataset/model/types.js';
import { boxOf, curated, drawn, findingOf, SMALL } from './images.js';

/** Places of objects that do not touch, which differ between images. */
const objects = (n: number): SourceBox[] =>
  [0, 1].map((k) => boxOf('acne', { x: 20 + 250 * k + (n % 20), y: 30 + 2 * n, width: 80, height: 90 }));

/** The same objects as another person draws them. */
const again = (box: SourceBox): SourceBox => ({ ...box, x: box.x + 9, y: box.y - 8, width: 86, height: 84 });

const doubledIn = (boxesOf: (n: number) => readonly SourceBox[]) => {
  const images = Array.from({ length: 60 }, (_, n) => drawn(`${100 + n}.jpg`, boxesOf(n)));
  return findingOf(curated(images, SMALL), 'BOXES_DOUBLED');
};

describe('objects with several boxes of one class', () => {
  it('objects that two people labelled are reported with count, share and both boxes', () => {
    expect(doubledIn((n) => [...objects(n), ...objects(n).map(again)])).toMatchObject({
      count: 240,
      unit: 'boxes',
      headline: expect.stringContaining('120 of 120 objects (100 %) have several boxes of one class'),
      examples: expect.arrayContaining(['100.jpg: acne 80x90 at 20,30 and 86x84 at 29,22']),
    });
  });

  it.each<readonly [string, (n: number) => readonly SourceBox[]]>([
    [
      'in a quarter of the images',
      (n) => (n % 4 === 0 ? [...objects(n), ...objects(n).map(again)] : objects(n)),
    ],
    ['on one of two objects per image', (n) => [...objects(n), ...objects(n).slice(1).map(again)]],
    [
      'by three people',
      (n) => [...objects(n), ...objects(n).map(again), ...objects(n).map((box) => again(again(box)))],
    ],
  ])('objects with several boxes are reported if they were labelled %s', (_, boxesOf) => {
    expect(doubledIn(boxesOf)).toBeDefined();
  });

  it.each<readonly [string, (n: number) => readonly SourceBox[]]>([
    [
      'objects lie in a row, each a third over the next',
      (n) => [0, 1, 2, 3].map((k) => boxOf('acne', { x: n + 66 * k })),
    ],
    [
      'two of six objects overlap by more than half',
      (n) => [
        ...objects(n),
        ...objects(n).map((box) => ({ ...box, y: box.y + 150 })),
        ...objects(n)
          .slice(1)
          .flatMap((box) => [
            { ...box, y: 5 },
            { ...box, y: 25 },
          ]),
      ],
    ],
    [
      'the two boxes have different classes',
      (n) => [...objects(n), ...objects(n).map((box) => ({ ...again(box), label: 'wart' }))],
    ],
    ['only a few images have them', (n) => (n < 4 ? [...objects(n), ...objects(n).map(again)] : objects(n))],
  ])('boxes that overlap are not reported as doubled if %s', (_, boxesOf) => {
    expect(doubledIn(boxesOf)).toBeUndefined();
  });
});
