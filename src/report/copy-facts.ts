import { labelsOf } from '../dataset/model/candidates.js';
import { sourceName } from '../dataset/model/source-name.js';
import type { Side } from '../dataset/model/types.js';
import { leaksOf } from '../dataset/splitting/exported-split.js';
import { groupBy } from '../lib/group-by.js';
import { byCodePoint } from '../lib/order.js';
import type { CuratedCandidate } from './curated-candidate.js';
import type { CopyFacts, ShownImage } from './facts.js';

const MAX_PAIRS = 6;

/** Counts copies among the readable images and chooses pairs to show; pairs across the export's own split first. */
export function copyFacts(images: readonly CuratedCandidate[]): CopyFacts {
  const groups = groupsOf(images);
  const pairs = groups.flatMap((group) => {
    const pair = mostDifferentPair(group);
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

function groupsOf(images: readonly CuratedCandidate[]): CuratedCandidate[][] {
  const sorted = [...images].sort((a, b) => byCodePoint(a.path, b.path));
  return [...groupBy(sorted, ({ group }) => group).values()].filter((group) => group.length > 1);
}

type Pair = readonly [CuratedCandidate, CuratedCandidate];

/** The first image of a group and its most different copy by split, labels, bytes and name. */
function mostDifferentPair([first, ...others]: readonly CuratedCandidate[]): Pair | undefined {
  if (!first) return undefined;
  const ranked = others
    .map((other) => ({ pair: [first, other] as const, rank: rankOf([first, other]) }))
    .sort((a, b) => a.rank - b.rank);
  return ranked[0]?.pair;
}

/**
 * Sort key of a pair: lower if the pair matters more to a user of the export. In order of weight: on different
 * sides of its split, labelled differently, with different bytes, under different names.
 */
function rankOf([a, b]: Pair): number {
  return (
    (areOnDifferentSides(a, b) ? 0 : 8) +
    (describeLabels(a) === describeLabels(b) ? 4 : 0) +
    (a.sourceSha256 === b.sourceSha256 ? 2 : 0) +
    (sourceName(a.path) === sourceName(b.path) ? 1 : 0)
  );
}

const describeLabels = (image: CuratedCandidate) => JSON.stringify([...labelsOf(image)].sort(byCodePoint));

const areOnDifferentSides = (a: CuratedCandidate, b: CuratedCandidate) =>
  a.exported !== null && b.exported !== null && a.exported !== b.exported;

function exportLeaks(images: readonly CuratedCandidate[]): CopyFacts['leaks'] {
  const on = (side: Side) => images.filter(({ exported }) => exported === side);
  const val = on('val');
  return val.length === 0
    ? null
    : { leaked: leaksOf({ train: on('train'), val }, 'group').length, of: val.length };
}

function whole({ path, key, split, boxes }: CuratedCandidate): ShownImage {
  return { path, key, split, view: null, boxes: boxes.map((box) => ({ ...box, role: 'own' })) };
}
