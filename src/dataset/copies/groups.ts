import type { DisjointSets } from '../../lib/disjoint-sets.js';
import { groupBy } from '../../lib/group-by.js';
import { byCodePoint } from '../../lib/order.js';

/** Indexes of items with equal keys, in the order of the items. Groups of one and items without a key are left out. */
export function indexesBy<Item>(
  items: readonly Item[],
  keyOf: (item: Item) => string | undefined,
): number[][] {
  const keys = items.map(keyOf);
  const groups = groupBy(keys.keys(), (index) => keys[index]);
  return [...groups].flatMap(([key, group]) => (key !== undefined && group.length > 1 ? [group] : []));
}

/** Names each set by the smallest name of its members. Returns the name of the set of each index. */
export function setNames(sets: DisjointSets, names: readonly string[]): string[] {
  const smallest = new Map<number, string>();
  names.forEach((name, index) => {
    const root = sets.find(index);
    const known = smallest.get(root);
    if (known === undefined || byCodePoint(name, known) < 0) smallest.set(root, name);
  });
  return names.map((name, index) => smallest.get(sets.find(index)) ?? name);
}
