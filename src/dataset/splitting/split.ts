import { groupBy } from '../../lib/group-by.js';
import { floorOfShare } from '../../lib/ratio.js';
import { bySortKey, type Candidate, countByLabel } from '../model/candidates.js';
import { DatasetError } from '../model/errors.js';
import { SERVICE_LIMITS } from '../model/service-limits.js';
import { type Group, ValSet } from './val-set.js';

export interface Split {
  readonly train: readonly Candidate[];
  readonly val: readonly Candidate[];
  /** Images that VAL_SPLIT asks for in val; it has fewer where groups don't add up to them. */
  readonly target: number;
  /** Groups of copies that val has no room for, each by the path of one of them. */
  readonly tooLarge: readonly { readonly path: string; readonly images: number }[];
}

/**
 * Sends `floor(n * valSplit)` images to val: groups of copies whole, classes in proportion, each class of val
 * also in train. A group's place in the order is the hash of seed and source name. Where the sizes of the groups don't
 * add up to the exact count, it is the nearest below.
 * @throws DatasetError SplitImpossible where not one image can go to val
 */
export function splitImages(images: readonly Candidate[], valSplit: number): Split {
  const target = floorOfShare(images.length, valSplit);
  const groups = toGroups(images);
  if (target < 1) {
    throw impossible(
      `VAL_SPLIT=${valSplit} of ${images.length} images is less than one. Raise it or add images.`,
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
      `no group of copies fits into the ${target} images of val without taking a class out of train.`,
      groups,
    );
  }
  const needed = neededClasses(total.size);
  if (val.classes < needed) {
    throw impossible(
      `the ${target} images of val can't show ${needed} of the ${total.size} classes, half of which the service needs there. Raise VAL_SPLIT, or raise MIN_CLASS_IMAGES to leave rare classes out.`,
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

/** The service refuses a val that shows less than half of train's classes. */
const neededClasses = (classes: number) => Math.ceil(SERVICE_LIMITS.labelOverlap * classes);

/** Filled in proportion; where that shows too few classes, by the groups that show most of them. */
function filledVal(images: readonly Candidate[], target: number, open: readonly Group[]): ValSet {
  const proportional = new ValSet(images, target, open);
  proportional.fill();
  const needed = neededClasses(countByLabel(images).size);
  if (proportional.classes >= needed) return proportional;
  const covering = new ValSet(images, target, open);
  covering.cover(needed);
  return covering.classes >= needed ? covering : proportional;
}

function toGroups(images: readonly Candidate[]): Group[] {
  // Grouping keeps the order, so both the groups and their members are sorted by their keys.
  const groups = groupBy([...images].sort(bySortKey), ({ group }) => group);
  return [...groups.values()].map((members) => ({ images: members, labels: countByLabel(members) }));
}

function impossible(why: string, groups: readonly Group[]): DatasetError {
  const sizes = groups.map(({ images }) => images.length).sort((a, b) => b - a);
  return new DatasetError(
    'SplitImpossible',
    `The dataset can't be split into train and val: ${why} Its ${sizes.length} groups of copies have ${sizes.slice(0, 10).join(', ')}${sizes.length > 10 ? ', …' : ''} images.`,
    { examples: sizes.slice(0, 20).map(String), count: sizes.length },
  );
}

/** Groups of two images or more, and the images in them. */
export function copyCounts(images: readonly Pick<Candidate, 'group'>[]): { groups: number; images: number } {
  const groups = [...groupBy(images, ({ group }) => group).values()];
  const copies = groups.filter(({ length }) => length > 1);
  return { groups: copies.length, images: copies.reduce((sum, { length }) => sum + length, 0) };
}
