import { groupBy } from '../../lib/group-by.js';
import { plural } from '../../lib/plural.js';
import { floorOfShare } from '../../lib/ratio.js';
import { bySortKey, type Candidate, countByLabel } from '../model/candidates.js';
import { DatasetError } from '../model/errors.js';
import { SERVICE_LIMITS } from '../model/service-limits.js';
import { type Group, ValSet } from './val-set.js';

/** The images of the two manifests. */
export interface Split {
  readonly train: readonly Candidate[];
  readonly val: readonly Candidate[];
  /** Number of images that VAL_SPLIT requires in val. `val` has fewer if no groups add up to it. */
  readonly target: number;
  /** Groups that stay together and are larger than the target, each with the path of one image. */
  readonly tooLarge: readonly { readonly path: string; readonly images: number }[];
}

/**
 * Puts `floor(n * valSplit)` images into val. Units (copies, and images joined by name) stay together, classes keep their proportions, and every
 * class of val is in train too. Groups are visited by the hash of seed and source name. If the sizes of the groups do not
 * add up to the target, val gets the largest possible number below it.
 * @throws DatasetError SplitImpossible if no image can go to val, or val cannot show half of the classes
 */
export function splitImages(images: readonly Candidate[], valSplit: number): Split {
  const target = floorOfShare(images.length, valSplit);
  const groups = toGroups(images);
  if (target < 1) {
    throw impossible(
      `VAL_SPLIT=${valSplit} of ${plural(images.length, 'image')} is less than one image.`,
      groups,
    );
  }
  const total = countByLabel(images);
  const open = groups.filter(
    (group) =>
      group.images.length <= target &&
      [...group.labels].every(([label, count]) => count < (total.get(label) ?? 0)),
  );
  const val = filledVal(images, target, open);
  if (val.size === 0) {
    throw impossible(
      `no group of images that stay together fits into the ${plural(target, 'image')} of val without removing a class from train.`,
      groups,
    );
  }
  const needed = neededClasses(total.size);
  if (val.classes < needed) {
    throw impossible(
      `the service needs half of the classes in val, and its ${plural(target, 'image')} cannot show ${needed} of ${total.size}.`,
      groups,
    );
  }
  return {
    target,
    train: groups.filter((group) => !val.groups.has(group)).flatMap((group) => group.images),
    val: [...val.groups].flatMap((group) => group.images),
    tooLarge: groups
      .filter(({ images: { length } }) => length > target)
      .map((group) => ({ path: group.images[0]?.path ?? '', images: group.images.length })),
  };
}

/** Number of classes that val must show: the service refuses less than half of the classes of train. */
const neededClasses = (classes: number) => Math.ceil(SERVICE_LIMITS.labelOverlap * classes);

/** Fills val in proportion. If that shows too few classes, fills it with the groups that show most classes. */
function filledVal(images: readonly Candidate[], target: number, open: readonly Group[]): ValSet {
  const proportional = new ValSet(images, target, open);
  proportional.fill();
  proportional.exchange();
  const needed = neededClasses(countByLabel(images).size);
  if (proportional.classes >= needed) return proportional;
  const covering = new ValSet(images, target, open);
  covering.cover(needed);
  return covering.classes >= needed ? covering : proportional;
}

function toGroups(images: readonly Candidate[]): Group[] {
  // Grouping keeps the order, so both the groups and their members are sorted by their keys.
  const groups = groupBy([...images].sort(bySortKey), ({ unit }) => unit);
  const shared = sharedCounts();
  return [...groups.values()].map((members) => ({ images: members, labels: shared(countByLabel(members)) }));
}

/** Returns one map for all equal ones: groups show few different sets of classes, and a map takes more memory than its images. */
function sharedCounts(): (counts: ReadonlyMap<string, number>) => ReadonlyMap<string, number> {
  const known = new Map<string, ReadonlyMap<string, number>>();
  return (counts) => {
    const key = JSON.stringify([...counts]);
    const same = known.get(key);
    if (!same) known.set(key, counts);
    return same ?? counts;
  };
}

function impossible(why: string, groups: readonly Group[]): DatasetError {
  const sizes = groups.map(({ images }) => images.length).sort((a, b) => b - a);
  return new DatasetError(
    'SplitImpossible',
    `The dataset cannot be split into train and val: ${why} Images per group (${plural(sizes.length, 'group')}): ${sizes.slice(0, 5).join(', ')}${sizes.length > 5 ? ', …' : ''}.`,
    { examples: sizes.slice(0, 20).map(String), count: sizes.length },
  );
}

/** Number of groups of two or more images, and the number of images in them. */
export function copyCounts(images: readonly Pick<Candidate, 'group'>[]): { groups: number; images: number } {
  const sizes = new Map<string, number>();
  for (const { group } of images) sizes.set(group, (sizes.get(group) ?? 0) + 1);
  const copies = [...sizes.values()].filter((size) => size > 1);
  return { groups: copies.length, images: copies.reduce((sum, size) => sum + size, 0) };
}
