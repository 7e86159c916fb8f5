import { labelsOf } from '../dataset/model/candidates.js';
import { sourceName } from '../dataset/model/source-name.js';
import type { Side } from '../dataset/model/types.js';
import { leaksOf } from '../dataset/splitting/exported-split.js';
import { groupBy } from '../lib/group-by.js';
import { byCodePoint } from '../lib/order.js';
import type { CopyFacts, ShownImage } from './facts.js';
import type { PlacedImage } from './placed-image.js';

const MAX_PAIRS = 6;

/** Counts copies among everything that could be read, and chooses pairs: first those that the export split apart. */
export function copyFacts(images: readonly PlacedImage[]): CopyFacts {
  const groups = groupsOf(images);
  const pairs = groups.flatMap((group) => {
    const pair = tellingPair(group);
    return pair ? [{ pair, group: group[0]?.group ?? '', rank: rankOf(pair) }] : [];
  });
  return {
    groups: groups.length,
    images: groups.reduce((sum, group) => sum + group.length, 0),
    leaks: exportLeaks(images),
    pairs: pairs
      .sort((a, b) => a.rank - b.rank || byCodePoint(a.group, b.group))
      .slice(0, MAX_PAIRS)
      .map(({ pair: [a, b] }) => [whole(a), whole(b)]),
  };
}

function groupsOf(images: readonly PlacedImage[]): PlacedImage[][] {
  const sorted = [...images].sort((a, b) => byCodePoint(a.path, b.path));
  return [...groupBy(sorted, ({ group }) => group).values()].filter((group) => group.length > 1);
}

type Pair = readonly [PlacedImage, PlacedImage];

/** The first image beside the copy that is least like it by split, labels, bytes and name. */
function tellingPair([first, ...others]: readonly PlacedImage[]): Pair | undefined {
  if (!first) return undefined;
  const ranked = others
    .map((other) => ({ pair: [first, other] as const, rank: rankOf([first, other]) }))
    .sort((a, b) => a.rank - b.rank);
  return ranked[0]?.pair;
}

/**
 * Lower for what is worse for whoever trusts the export: apart in its splits, labelled
 * differently, not byte for byte, under another name.
 */
function rankOf([a, b]: Pair): number {
  return (
    (isApart(a, b) ? 0 : 8) +
    (describeLabels(a) === describeLabels(b) ? 4 : 0) +
    (a.sourceSha256 === b.sourceSha256 ? 2 : 0) +
    (sourceName(a.path) === sourceName(b.path) ? 1 : 0)
  );
}

const describeLabels = (image: PlacedImage) => JSON.stringify([...labelsOf(image)].sort(byCodePoint));

const isApart = (a: PlacedImage, b: PlacedImage) =>
  a.exported !== null && b.exported !== null && a.exported !== b.exported;

function exportLeaks(images: readonly PlacedImage[]): CopyFacts['leaks'] {
  const on = (side: Side) => images.filter(({ exported }) => exported === side);
  const val = on('val');
  return val.length === 0 ? null : { leaked: leaksOf({ train: on('train'), val }).length, of: val.length };
}

function whole({ path, key, split, boxes }: PlacedImage): ShownImage {
  return { path, key, split, view: null, boxes: boxes.map((box) => ({ ...box, role: 'own' })) };
}
