import { describe, expect, it } from '@jest/globals';
import { findCopies } from '../../../src/dataset/copies/find-copies.js';
import { setNames } from '../../../src/dataset/copies/groups.js';
import {
  correlation,
  detailAgreement,
  fineDetail,
  spreadOf,
  TURNS,
} from '../../../src/dataset/copies/similarity.js';
import { DisjointSets } from '../../../src/lib/disjoint-sets.js';
import { blobs, random, relit, turned } from './pictures.js';

const SIDE = 64;
const each = <T>(length: number, make: (i: number) => T): T[] => Array.from({ length }, (_, i) => make(i));
const nameOf = (index: number) => String(index).padStart(64, '0');

/** The group of each picture by a comparison of all pairs in all turns, without an index. */
function groupsOfAllPairs(pictures: readonly Uint8Array[]): string[] {
  const sets = new DisjointSets(pictures.length);
  const facts = pictures.map((picture) => ({
    picture,
    spread: spreadOf(picture),
    detail: fineDetail(picture),
  }));
  facts.forEach((a, i) => {
    facts.slice(i + 1).forEach((b, offset) => {
      const agree = TURNS.some(
        (_, turn) =>
          correlation([a.picture, a.spread], [b.picture, b.spread], turn) >= 0.985 &&
          detailAgreement(a.detail, b.detail, turn) >= 0.5,
      );
      if (agree) sets.join(i, i + 1 + offset);
    });
  });
  return setNames(
    sets,
    pictures.map((_, i) => nameOf(i)),
  );
}

function groupsFound(pictures: readonly Uint8Array[]): string[] {
  const found = findCopies(
    pictures.map((_, i) => ({ path: `${i}.jpg`, sourceSha256: nameOf(i) })),
    (index) => pictures[index] ?? new Uint8Array(),
  );
  return [...found.values()];
}

/** A picture with noise of the given strength in luma. */
function noisy(picture: Uint8Array, strength: number, seed: number): Uint8Array {
  const next = random(seed);
  return picture.map((luma) => Math.max(0, Math.min(255, Math.round(luma + strength * (2 * next() - 1)))));
}

/** A picture with a rectangle of one colour at a random place. */
function withObject(picture: Uint8Array, seed: number, contrast: number): Uint8Array {
  const next = random(seed + 900);
  const frame = picture.slice();
  const [left, top, side] = [0, 0, 0].map((_, i) => Math.floor(next() * (i < 2 ? 54 : 6))) as [
    number,
    number,
    number,
  ];
  const luma = Math.max(0, Math.min(255, Math.round(128 + contrast * (2 * next() - 1))));
  for (let y = top; y < top + 4 + side; y++) frame.fill(luma, y * SIDE + left, y * SIDE + left + 4 + side);
  return frame;
}

/** A picture that looks the same mirrored, or exchanged along its diagonal: more than one turn of it is upright. */
function symmetric(picture: Uint8Array, diagonal: boolean): Uint8Array {
  return picture.map((luma, pixel) => {
    const [x, y] = [pixel % SIDE, Math.floor(pixel / SIDE)];
    const other = diagonal ? x * SIDE + y : y * SIDE + (SIDE - 1 - x);
    return (luma + (picture[other] ?? 0)) >> 1;
  });
}

/** A picture whose halves are equally bright, so that noise decides which of its turns is upright. */
function balanced(picture: Uint8Array): Uint8Array {
  const isLeft = (pixel: number) => pixel % SIDE < SIDE / 2;
  const excess = picture.reduce((sum, luma, pixel) => sum + (isLeft(pixel) ? luma : -luma), 0);
  return picture.map((luma, pixel) => luma - Math.round((isLeft(pixel) ? excess : -excess) / SIDE ** 2));
}

/** A blend with another picture that just agrees with the first one. */
function justAgreeing(picture: Uint8Array, other: Uint8Array): Uint8Array {
  const blend = (share: number) =>
    picture.map((luma, i) => Math.round(luma + share * ((other[i] ?? 0) - luma)));
  let share = 0.02;
  const agrees = (b: Uint8Array) => correlation([picture, spreadOf(picture)], [b, spreadOf(b)], 0) >= 0.985;
  while (agrees(blend(share + 0.005))) share += 0.005;
  return blend(share);
}

const kinds: Record<string, Uint8Array[]> = {
  'unlike pictures and their turned copies': each(10, (i) => blobs(i + 1)).flatMap((picture, i) => [
    picture,
    relit(turned(picture, i % 8), i),
    noisy(turned(picture, (3 * i) % 8), 6, i),
  ]),
  'frames of a fixed camera with a small moving object': each(40, (i) => withObject(blobs(3), i, 70)),
  'frames of a fixed camera in other turns': each(24, (i) => turned(withObject(blobs(4), i, 40), i % 8)),
  'noise that is just too strong, and just not': each(30, (i) => noisy(blobs(5), 7 + (i % 10), i)),
  'symmetric pictures, which are upright in several turns': each(3, (i) => blobs(i + 60)).flatMap((picture) =>
    [true, false].flatMap((diagonal) =>
      each(5, (turn) => noisy(turned(symmetric(picture, diagonal), turn), 3, turn)),
    ),
  ),
  'pictures whose halves are equally bright': each(10, (i) => balanced(blobs(i + 80))).flatMap(
    (picture, i) => [noisy(picture, 6, i), noisy(turned(picture, 1), 6, i + 50)],
  ),
  'pictures that just agree': each(10, (i) => blobs(i + 100)).flatMap((picture, i) => [
    picture,
    justAgreeing(picture, blobs(i + 200)),
  ]),
  'pictures of one colour, and almost of one': each(24, (i) => {
    const picture = new Uint8Array(SIDE * SIDE).fill(40 + (i % 3));
    if (i % 4 > 0) picture[(i % 4) * 1000 + (i % 2)] = 90;
    return picture;
  }),
  'pictures of black and white pixels': each(20, (i) => {
    const stripe = 1 + (i % 5);
    return Uint8Array.from({ length: SIDE * SIDE }, (_, pixel) =>
      Math.floor((i % 2 === 0 ? pixel : pixel / SIDE) / stripe) % 2 === 0 ? 0 : 255,
    );
  }),
  'pictures with similar light and own detail': each(16, (i) => {
    const detail = blobs((i % 12) + 1, 0.5);
    return detail.map((luma, pixel) =>
      Math.round(20 + 200 * ((pixel % SIDE) / SIDE) ** 2 + (luma - 128) / 12),
    );
  }),
};

describe('findCopies finds the groups that a comparison of all pairs finds', () => {
  it.each(Object.keys(kinds))('finds them among %s', (kind) => {
    const pictures = kinds[kind] ?? [];
    const expected = groupsOfAllPairs(pictures);
    expect(groupsFound(pictures)).toEqual(expected);
  });

  it('finds them among pictures of all kinds together', () => {
    const pictures = Object.values(kinds).flatMap((some) => some.filter((_, i) => i % 3 === 0));
    const expected = groupsOfAllPairs(pictures);
    expect(groupsFound(pictures)).toEqual(expected);
    expect(new Set(expected).size).toBeLessThan(pictures.length - 20);
  });
});
