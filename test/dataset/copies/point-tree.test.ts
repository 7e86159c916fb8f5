import { expect, it } from '@jest/globals';
import { PointTree } from '../../../src/dataset/copies/point-tree.js';
import { DisjointSets } from '../../../src/lib/disjoint-sets.js';
import { byCodePoint } from '../../../src/lib/order.js';
import { random } from './pictures.js';

const DIMENSIONS = 16;

/** Coordinates of points; `spread` is the width of the cloud on each axis. */
function cloud(count: number, spread: (axis: number) => number): Int16Array {
  const next = random(7);
  return Int16Array.from({ length: count * DIMENSIONS }, (_, i) =>
    Math.round((next() - 0.5) * spread(i % DIMENSIONS)),
  );
}

function treeOf(points: Int16Array, sets: DisjointSets): PointTree {
  const ids = Array.from({ length: points.length / DIMENSIONS }, (_, id) => id);
  const tree = new PointTree(points.slice(), DIMENSIONS, sets, ids);
  const build = tree.build();
  while (!build.next().done);
  return tree;
}

function pairsWithin(tree: PointTree, count: number, reach: number, onPair = (_a: number, _b: number) => {}) {
  const pairs: string[] = [];
  for (let position = 0; position < count; position++) {
    for (const other of tree.near(tree.point(position), reach, position)) {
      const [a, b] = [tree.ids[position] ?? 0, tree.ids[other] ?? 0];
      pairs.push([Math.min(a, b), Math.max(a, b)].join());
      onPair(a, b);
    }
  }
  return pairs.sort(byCodePoint);
}

const distance = (points: Int16Array, a: number, b: number) =>
  Math.hypot(
    ...Array.from(
      { length: DIMENSIONS },
      (_, axis) => (points[a * DIMENSIONS + axis] ?? 0) - (points[b * DIMENSIONS + axis] ?? 0),
    ),
  );

it.each([
  ['a few axes matter', (axis: number) => (axis < 3 ? 4000 : 100), 300],
  ['all axes matter', () => 1000, 900],
  ['all points are near', () => 10, 100],
  ['many coordinates are equal', (axis: number) => (axis < 4 ? 3 : 0), 1],
] as const)('finds exactly the pairs within the reach if %s', (_, spread, reach) => {
  const count = 300;
  const points = cloud(count, spread);
  const expected: string[] = [];
  for (let a = 0; a < count; a++) {
    for (let b = a + 1; b < count; b++) if (distance(points, a, b) <= reach) expected.push(`${a},${b}`);
  }
  expect(expected.length).toBeGreaterThan(20);
  expect(pairsWithin(treeOf(points, new DisjointSets(count)), count, reach)).toEqual(
    expected.sort(byCodePoint),
  );
});

it('finds no pair whose points are already in one set', () => {
  const sets = new DisjointSets(300);
  for (let id = 2; id < 300; id += 2) sets.join(0, id);
  const pairs = pairsWithin(
    treeOf(
      cloud(300, () => 10),
      sets,
    ),
    300,
    1000,
  );
  expect(pairs.length).toBe(150 * 150 + (150 * 149) / 2);
});

it('leads to the same sets as a comparison of all pairs if the points of each pair are joined at once', () => {
  const count = 1200;
  const points = cloud(count, (axis) => (axis < 2 ? 4000 : 2));
  const [expected, sets] = [new DisjointSets(count), new DisjointSets(count)];
  for (let a = 0; a < count; a++) {
    for (let b = a + 1; b < count; b++) if (distance(points, a, b) <= 110) expected.join(a, b);
  }
  pairsWithin(treeOf(points, sets), count, 110, (a, b) => sets.join(a, b));
  const sizes = (found: DisjointSets) => {
    const bySet = new Map<number, number>();
    for (let id = 0; id < count; id++) bySet.set(found.find(id), (bySet.get(found.find(id)) ?? 0) + 1);
    return [...bySet.values()].sort((a, b) => a - b);
  };
  expect(sizes(sets)).toEqual(sizes(expected));
  expect(Math.max(...sizes(expected))).toBeGreaterThan(32);
});

it('compares the points of a large group once, not once for each of its members', () => {
  const count = 2000;
  const sets = new DisjointSets(count);
  const tree = treeOf(
    cloud(count, () => 10),
    sets,
  );
  pairsWithin(tree, count, 1000, (a, b) => sets.join(a, b));
  expect(tree.compared).toBeLessThan(2 * count);
});

it('compares few of the pairs of points that lie apart', () => {
  const count = 2000;
  const tree = treeOf(
    cloud(count, () => 10_000),
    new DisjointSets(count),
  );
  expect(pairsWithin(tree, count, 1000)).toEqual([]);
  expect(tree.compared).toBeLessThan((count * (count - 1)) / 2 / 20);
});
