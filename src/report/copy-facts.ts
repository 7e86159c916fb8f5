import { labelsOf } from '../dataset/model/candidates.js';
import { sourceName } from '../dataset/model/source-name.js';
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
    leaks: leaksOf(images, groups),
    pairs: pairs
      .sort((a, b) => a.rank - b.rank || byCodePoint(a.group, b.group))
      .slice(0, MAX_PAIRS)
      .map(({ pair: [a, b] }) => [whole(a), whole(b)]),
  };
}

function groupsOf(images: readonly PlacedImage[]): PlacedImage[][] {
  const byGroup = new Map<string, PlacedImage[]>();
  for (const image of [...images].sort((a, b) => byCodePoint(a.path, b.path))) {
    const same = byGroup.get(image.group);
    if (same) same.push(image);
    else byGroup.set(image.group, [image]);
  }
  return [...byGroup.values()].filter((group) => group.length > 1);
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

const isApart = (a: PlacedImage, b: PlacedImage) => {
  const [one, other] = [exportSplit(a.path), exportSplit(b.path)];
  return one !== null && other !== null && one !== other;
};

const SPLITS = new Map([
  ['train', 'train'],
  ['valid', 'valid'],
  ['validation', 'valid'],
  ['val', 'valid'],
  ['test', 'test'],
]);

/** The split that a folder of the path names. */
function exportSplit(path: string): string | null {
  const folders = path.split('/').slice(0, -1);
  const named = folders.map((folder) => SPLITS.get(folder.toLowerCase())).find((name) => name !== undefined);
  return named ?? null;
}

function leaksOf(
  images: readonly PlacedImage[],
  groups: readonly (readonly PlacedImage[])[],
): CopyFacts['leaks'] {
  const isHeldOut = ({ path }: PlacedImage) => {
    const split = exportSplit(path);
    return split !== null && split !== 'train';
  };
  const of = images.filter(isHeldOut).length;
  if (of === 0) return null;
  const leaked = groups.flatMap((group) => {
    const splits = new Set(group.map(({ path }) => exportSplit(path)));
    splits.delete(null);
    return splits.size > 1 ? group.filter(isHeldOut) : [];
  });
  return { leaked: leaked.length, of };
}

function whole({ path, key, split, boxes }: PlacedImage): ShownImage {
  return { path, key, split, view: null, boxes: boxes.map((box) => ({ ...box, role: 'own' })) };
}
