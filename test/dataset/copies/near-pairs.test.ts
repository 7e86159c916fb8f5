import { describe, expect, it } from '@jest/globals';
import { BroadPairs } from '../../../src/dataset/copies/broad-pairs.js';
import { DESCRIPTOR_LENGTH, TURNED_PLACES, UNIT } from '../../../src/dataset/copies/descriptor.js';
import { NearPairs } from '../../../src/dataset/copies/near-pairs.js';
import type { Pictures } from '../../../src/dataset/copies/split.js';
import { DisjointSets } from '../../../src/lib/disjoint-sets.js';
import { byCodePoint } from '../../../src/lib/order.js';
import { random } from './pictures.js';

const REACH = 2856;
/** Few, so that small numbers of pictures are divided too. */
const FEW_PAIRS = 4000;
const IDENTITY = 0;
const QUARTER = 5;
const MIRRORED = 1;

/** Descriptors of which each has a length below `UNIT`; `draw` sets the values of one that is zero elsewhere. */
function descriptorsOf(count: number, draw: (values: Int16Array, next: () => number) => void): Int16Array {
  const next = random(7);
  const descriptors = new Int16Array(count * DESCRIPTOR_LENGTH);
  for (let row = 0; row < count; row++) {
    draw(descriptors.subarray(row * DESCRIPTOR_LENGTH, (row + 1) * DESCRIPTOR_LENGTH), next);
  }
  return descriptors;
}

/** Squares of 2x2 cells at random places. Each is `least` to `least` + 1.4 reaches long. */
const withObjects = (objects: number, least: number) => (values: Int16Array, next: () => number) => {
  for (let object = 0; object < objects; object++) {
    const corner = Math.floor(next() * 15) * 16 + Math.floor(next() * 15);
    const value = Math.round((next() < 0.5 ? -1 : 1) * REACH * (least / 2 + next() * 0.7));
    for (const place of [corner, corner + 1, corner + 16, corner + 17]) values[place] = value;
  }
};

/** Values of up to `most` of the reach in all places. */
const everywhere = (most: number) => (values: Int16Array, next: () => number) => {
  for (let place = 0; place < values.length; place++)
    values[place] = Math.round((next() - 0.5) * 2 * most * REACH);
};

/** Broad light and shade: the same value in a quarter of the cells. */
function withLight(values: Int16Array, next: () => number): void {
  for (const quarter of [0, 8, 128, 136]) {
    const value = Math.round((next() - 0.5) * 0.12 * UNIT);
    for (let cell = 0; cell < 64; cell++) values[quarter + (cell >> 3) * 16 + (cell & 7)] = value;
  }
}

const all = (descriptors: Int16Array, turn = IDENTITY): Pictures => ({
  rows: Int32Array.from({ length: descriptors.length / DESCRIPTOR_LENGTH }, (_, row) => row),
  turn,
});

function search(
  descriptors: Int16Array,
  {
    sets,
    onPair,
    a = all(descriptors),
    b,
    fewPairs = FEW_PAIRS,
    Search = NearPairs,
  }: {
    sets: DisjointSets;
    onPair?: (a: number, b: number) => void;
    a?: Pictures;
    b?: Pictures;
    fewPairs?: number;
    Search?: typeof NearPairs | typeof BroadPairs;
  },
) {
  const nearPairs = new Search(descriptors, all(descriptors).rows, sets, REACH, fewPairs);
  const pairs: string[] = [];
  for (const pair of nearPairs.search(a, b)) {
    if (!pair) continue;
    onPair?.(pair.a, pair.b);
    pairs.push(nameOf(pair.a, pair.b));
  }
  return {
    pairs: pairs.sort(byCodePoint),
    compared: nearPairs instanceof NearPairs ? nearPairs.compared : 0,
  };
}

const nameOf = (a: number, b: number) => [Math.min(a, b), Math.max(a, b)].join();

function isNear(descriptors: Int16Array, a: number, b: number, turn = IDENTITY): boolean {
  let distance = 0;
  for (let place = 0; place < DESCRIPTOR_LENGTH && distance <= REACH ** 2; place++) {
    const value = descriptors[a * DESCRIPTOR_LENGTH + (TURNED_PLACES[turn]?.[place] ?? 0)] ?? 0;
    distance += (value - (descriptors[b * DESCRIPTOR_LENGTH + place] ?? 0)) ** 2;
  }
  return distance <= REACH ** 2;
}

function* pairsOf(count: number): Generator<readonly [number, number]> {
  for (let a = 0; a < count; a++) for (let b = a + 1; b < count; b++) yield [a, b];
}

/** By axes that are squares of cells, and by Walsh functions first. */
const SEARCHES = [
  ['by cells', NearPairs],
  ['by broad light and shade', BroadPairs],
] as const;

describe.each(SEARCHES)('a search %s', (_, Search) => {
  it.each([
    ['pictures differ in light and shade', withLight],
    ['pictures differ in one object', withObjects(1, 0.6)],
    ['pictures differ in three objects', withObjects(3, 0)],
    ['pictures differ a little everywhere', everywhere(0.075)],
    ['pictures are nearly the same', everywhere(0.01)],
  ] as const)('finds exactly the pairs within the reach, and each once, if %s', (_name, draw) => {
    const count = 400;
    const descriptors = descriptorsOf(count, draw);
    const expected = [...pairsOf(count)]
      .filter(([a, b]) => isNear(descriptors, a, b))
      .map(([a, b]) => nameOf(a, b));
    expect(expected.length).toBeGreaterThan(20);
    const { pairs } = search(descriptors, { sets: new DisjointSets(count), Search });
    expect(pairs).toEqual(expected.sort(byCodePoint));
  });

  it.each([
    ['a quarter', 'light and shade', QUARTER, withLight],
    ['a quarter', 'two objects', QUARTER, withObjects(2, 0.2)],
    ['left to right', 'light and shade', MIRRORED, withLight],
    ['left to right', 'two objects', MIRRORED, withObjects(2, 0.2)],
  ] as const)(
    'finds exactly the pairs of which one picture is turned %s, if pictures differ in %s',
    (...row) => {
      const [, , turn, draw] = row;
      const count = 400;
      const descriptors = descriptorsOf(count, draw);
      const expected = new Set<string>();
      for (let a = 0; a < count; a++) {
        for (let b = 0; b < count; b++)
          if (a !== b && isNear(descriptors, a, b, turn)) expected.add(nameOf(a, b));
      }
      expect(expected.size).toBeGreaterThan(20);
      const sets = new DisjointSets(count);
      const { pairs } = search(descriptors, { sets, a: all(descriptors, turn), b: all(descriptors), Search });
      expect([...new Set(pairs)]).toEqual([...expected].sort(byCodePoint));
    },
  );

  it('finds all pairs of more pictures than are compared at once', () => {
    const count = 4200;
    const descriptors = descriptorsOf(count, withLight);
    const expected = [...pairsOf(count)].filter(([a, b]) => isNear(descriptors, a, b)).length;
    const { pairs } = search(descriptors, { sets: new DisjointSets(count), Search, fewPairs: count ** 2 });
    expect(pairs.length).toBe(expected);
  });
});

it('finds no pair whose pictures are already in one set', () => {
  const count = 300;
  const sets = new DisjointSets(count);
  for (let id = 2; id < count; id += 2) sets.join(0, id);
  const { pairs } = search(descriptorsOf(count, everywhere(0.01)), { sets });
  expect(pairs.length).toBe(150 * 150 + (150 * 149) / 2);
});

it('leads to the same sets as a comparison of all pairs if the pictures of each pair are joined at once', () => {
  const count = 800;
  const descriptors = descriptorsOf(count, withObjects(1, 0.6));
  const [expected, sets] = [new DisjointSets(count), new DisjointSets(count)];
  for (const [a, b] of pairsOf(count)) if (isNear(descriptors, a, b)) expected.join(a, b);
  search(descriptors, { sets, onPair: (a, b) => sets.join(a, b) });
  const partition = (found: DisjointSets) => {
    const first = new Map<number, number>();
    return Array.from({ length: count }, (_, id) => {
      const root = found.find(id);
      if (!first.has(root)) first.set(root, id);
      return first.get(root);
    });
  };
  expect(partition(sets)).toEqual(partition(expected));
});

it('compares the pictures of a large group once, not once for each of its members', () => {
  const count = 9000;
  const sets = new DisjointSets(count);
  const { compared } = search(descriptorsOf(count, everywhere(0.001)), {
    sets,
    onPair: (a, b) => sets.join(a, b),
  });
  expect(compared).toBeLessThan(100 * count);
});

it('rules out pairs with different objects before it compares them', () => {
  const count = 3000;
  const descriptors = descriptorsOf(count, withObjects(4, 1));
  const { compared } = search(descriptors, { sets: new DisjointSets(count), fewPairs: 400_000 });
  expect(compared).toBeLessThan((count * (count - 1)) / 2);
});
