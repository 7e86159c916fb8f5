import { describe, expect, it } from '@jest/globals';
import { beforeTurn, samePictures } from '../../../src/dataset/copies/same-pictures.js';
import { TURNS } from '../../../src/dataset/copies/similarity.js';
import { blobs, random, turned } from './pictures.js';

const copyOf = (path: string, thumbnail64: Uint8Array, sourceSha256 = path) => ({
  ...{ path, group: 'one', sourceSha256, thumbnail64 },
});
const noisy = (picture: Uint8Array, most: number) => {
  const next = random(3);
  return picture.map((luma) => Math.max(0, Math.min(255, luma + Math.round((next() * 2 - 1) * most))));
};
/** The picture with an object of some pixels at a place. */
const withObject = (picture: Uint8Array, at: number) =>
  picture.map((luma, pixel) =>
    pixel % 64 >= at && pixel % 64 < at + 3 && pixel < 1300 && pixel > 1000 ? 255 - luma : luma,
  );

describe('samePictures', () => {
  it.each(TURNS.map((turn, index) => [index, turn] as const))(
    'finds the turn of a re-encoded copy: %d',
    (index, turn) => {
      const found = samePictures([
        copyOf('b.jpg', noisy(turned(blobs(1), index), 3)),
        copyOf('a.jpg', blobs(1)),
      ]);
      expect([...found]).toEqual([['b.jpg', { path: 'a.jpg', turns: [turn] }]]);
    },
  );

  it('takes files of equal bytes for unturned copies, also if their picture is symmetric', () => {
    const grey = new Uint8Array(4096).fill(90);
    expect(
      samePictures([copyOf('a.jpg', grey, 'x'), copyOf('b.jpg', grey, 'x')]).get('b.jpg')?.turns,
    ).toEqual([{ transpose: false, flipX: false, flipY: false }]);
  });

  it('keeps frames of a fixed camera apart in which an object moves', () => {
    const frames = [0, 8, 16].map((at) => copyOf(`${at}.jpg`, withObject(blobs(1), at)));
    expect(samePictures(frames).size).toBe(0);
  });

  it('does not compare pictures of different groups', () => {
    const other = { ...copyOf('b.jpg', blobs(1)), group: 'other' };
    expect(samePictures([copyOf('a.jpg', blobs(1)), other]).size).toBe(0);
  });
});

it.each(TURNS.map((turn, index) => [index, turn] as const))(
  'a box of a turned picture is moved back to the same pixels: %d',
  (index, turn) => {
    const marked = new Uint8Array(4096);
    for (let y = 10; y < 14; y++) marked.fill(200, y * 64 + 40, y * 64 + 48);
    const pixels = [...turned(marked, index).entries()].flatMap(([pixel, luma]) => (luma > 0 ? [pixel] : []));
    const [columns, rows] = [
      pixels.map((pixel) => pixel % 64),
      pixels.map((pixel) => Math.floor(pixel / 64)),
    ];
    const [left, top] = [Math.min(...columns) / 64, Math.min(...rows) / 64];
    const [width, height] = [(Math.max(...columns) + 1) / 64 - left, (Math.max(...rows) + 1) / 64 - top];
    expect(beforeTurn({ left, top, width, height }, turn)).toEqual({
      left: 40 / 64,
      top: 10 / 64,
      width: 8 / 64,
      height: 4 / 64,
    });
  },
);
