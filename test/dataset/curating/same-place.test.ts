import { describe, expect, it } from '@jest/globals';
import type { Size, SourceBox } from '../../../src/dataset/model/types.js';
import { boxOf, curated, drawn, findingOf, SMALL } from './images.js';

const IMAGES = 60;
const placeholder = boxOf('acne', { x: 50, y: 50, width: 100, height: 100 });
const drawnByHand = (n: number) => boxOf('acne', { x: 3 * n, y: 200 - n, width: 60 + (n % 30), height: 80 });
const sizeOf = (n: number): Size => ({ width: 400 + 40 * (n % 3), height: 300 + 30 * (n % 5) });

function findingFor(
  boxesOf: (n: number) => readonly SourceBox[],
  { groupOf = (n: number) => `${n}`, size = (_: number): Size => ({ width: 640, height: 480 }) } = {},
) {
  const images = Array.from({ length: IMAGES }, (_, n) => drawn(`${n}.jpg`, boxesOf(n), { stored: size(n) }));
  const groups = new Map(images.map(({ image: { path } }, n) => [path, groupOf(n)]));
  return findingOf(curated(images, SMALL, { groupOf: groups }), 'BOXES_ON_ONE_PLACE');
}

describe('boxes on one place in many photos', () => {
  it('a box that is the same in all photos is reported with its place and the number of photos', () => {
    expect(findingFor(() => [placeholder])).toMatchObject({
      count: IMAGES,
      unit: 'boxes',
      headline: expect.stringContaining('60 of 60 boxes have exactly the place and size'),
      examples: ['0.jpg: acne 100x100 at 50,50, as in 60 photos'],
    });
  });

  it('a box that is the same is explained as an object before a fixed camera, which can be right, or as a placeholder', () => {
    const { headline, message } = findingFor(() => [placeholder]) ?? {};
    expect(headline).toMatch(/objects that never move before a fixed camera, or placeholders/);
    expect(message).toMatch(
      /can be right, .*: add photos with the object elsewhere\. Redraw placeholders\.$/,
    );
    expect(message).not.toContain('wrong');
  });

  it.each<readonly [string, (n: number) => readonly SourceBox[], object]>([
    ['in half of the photos', (n) => [n % 2 === 0 ? placeholder : drawnByHand(n)], {}],
    ['in another class per photo', (n) => [{ ...placeholder, label: n % 2 === 0 ? 'acne' : 'wart' }], {}],
    ['one of five', (n) => [{ ...placeholder, x: 10 * (n % 5) }], {}],
    [
      'the middle of images of different sizes',
      (n) => {
        const { width, height } = sizeOf(n);
        return [{ label: 'acne', x: width / 4, y: height / 4, width: width / 2, height: height / 2 }];
      },
      { size: sizeOf },
    ],
  ])('a box that is the same is reported if it is %s', (_, boxesOf, options) => {
    expect(findingFor(boxesOf, options)).toBeDefined();
  });

  it.each<readonly [string, (n: number) => readonly SourceBox[], object]>([
    ['are drawn by hand', (n) => [drawnByHand(n)], {}],
    ['are the same in nine photos only', (n) => [n < 9 ? placeholder : drawnByHand(n)], {}],
    ['are the same in copies of a few photos', () => [placeholder], { groupOf: (n: number) => `${n % 9}` }],
    ['cover the whole image', () => [boxOf('acne', { x: 0, y: 0, width: 640, height: 480 })], {}],
  ])('boxes are not reported as one place if they %s', (_, boxesOf, options) => {
    expect(findingFor(boxesOf, options)).toBeUndefined();
  });
});
