import { DisjointSets } from '../../lib/disjoint-sets.js';
import { Pattern } from '../../lib/pattern.js';
import type { NameGroupCounts } from '../model/counts.js';
import { DatasetError } from '../model/errors.js';
import { isRoboflowName, sourceName } from '../model/source-name.js';
import { MAX_SOURCE_FILES } from './find-copies.js';
import { isGenericName } from './generic-name.js';
import { indexesBy, setNames } from './groups.js';

/** Maximum instructions of GROUP_BY for all paths together: some tens of seconds. Usual expressions need less than half for 250,000 paths. */
const MAX_WORK = 250_000_000;

/** A readable image with the name of its group of copies. */
interface GroupedImage {
  readonly path: string;
  readonly group: string;
}

/** The images that must be on one side of the split, and how many of them were joined by their names. */
export interface KeptTogether {
  /** Name of the unit of each path: its group of copies, joined with others by name. */
  readonly unitOf: ReadonlyMap<string, string>;
  /** Groups of images that look different but have one source name that is not generic, such as crops of one photo. */
  readonly sameSource: NameGroupCounts;
  /** Groups that GROUP_BY names; null without it. */
  readonly groupBy: NameGroupCounts | null;
  /** Paths that GROUP_BY does not match. They are kept together with their copies only. */
  readonly unmatched: readonly string[];
}

/**
 * Joins the groups of copies whose images must be on one side of the split: those with one Roboflow source name, unless it
 * is generic or has more files than exporters make of a photo, and those with one text in the first group of `groupBy`.
 * The result does not depend on the order of the images.
 * @param groupBy a regular expression for `Pattern`; empty for none
 * @throws DatasetError SplitImpossible if the expression takes too long
 */
export function keepTogether(
  images: readonly GroupedImage[],
  groupBy: string,
  maxWork = MAX_WORK,
): KeptTogether {
  const sets = new DisjointSets(images.length);
  const joinAll = (lists: readonly (readonly number[])[]) => {
    for (const [first, ...others] of lists) {
      for (const other of others) if (first !== undefined) sets.join(first, other);
    }
  };
  joinAll(indexesBy(images, ({ group }) => group));
  const sources = indexesBy(images, ({ path }) => sourceOf(path)).filter(
    (list) => list.length <= MAX_SOURCE_FILES && showsSeveralPhotos(list, images),
  );
  const pattern = groupBy ? new Pattern(groupBy) : null;
  const names = new Map(images.map(({ path }) => [path, pattern && nameOf(path, pattern, maxWork)]));
  const named = indexesBy(images, ({ path }) => names.get(path) ?? undefined);
  joinAll(sources);
  joinAll(named);
  return {
    unitOf: unitNames(sets, images),
    sameSource: countOf(sources),
    groupBy: pattern ? countOf(named) : null,
    unmatched: pattern ? images.flatMap(({ path }) => (!names.get(path) ? [path] : [])) : [],
  };
}

function nameOf(path: string, pattern: Pattern, maxWork: number): string | undefined {
  if (pattern.work > maxWork) {
    throw new DatasetError(
      'SplitImpossible',
      `GROUP_BY=${pattern.source} takes too long on the paths of this archive. Use an expression with fewer repetitions.`,
    );
  }
  return pattern.firstGroup(path);
}

function sourceOf(path: string): string | undefined {
  if (!isRoboflowName(path)) return undefined;
  const source = sourceName(path);
  return isGenericName(source) ? undefined : source;
}

const showsSeveralPhotos = (list: readonly number[], images: readonly GroupedImage[]) =>
  new Set(list.map((index) => images[index]?.group)).size > 1;

const countOf = (lists: readonly (readonly number[])[]): NameGroupCounts => ({
  groups: lists.length,
  images: lists.reduce((sum, { length }) => sum + length, 0),
});

/** Names each unit by the smallest name of its groups of copies. */
function unitNames(sets: DisjointSets, images: readonly GroupedImage[]): Map<string, string> {
  const names = setNames(
    sets,
    images.map(({ group }) => group),
  );
  return new Map(images.map(({ path, group }, index) => [path, names[index] ?? group]));
}
