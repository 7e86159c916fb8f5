import { type Candidate, countByLabel, placeOfPath } from './candidates.js';
import { DatasetError } from './errors.js';
import { byCodePoint } from './order.js';
import { floorOfShare } from './ratio.js';

export interface Split {
  readonly train: readonly Candidate[];
  readonly val: readonly Candidate[];
  /** Groups of copies that val has no room for, by their first path. */
  readonly tooLarge: readonly { readonly path: string; readonly images: number }[];
}

interface Group {
  readonly images: readonly Candidate[];
  readonly place: string;
  /** Images a class. */
  readonly labels: ReadonlyMap<string, number>;
}

/**
 * Sends `floor(n * valSplit)` images to val: groups of copies whole, classes in proportion, each class of val
 * also in train. A group's place in the order is the hash of seed and source name. Where groups don't allow the exact
 * count, it is the nearest below that this order reaches.
 * @throws DatasetError SplitImpossible where not one image can go to val
 */
export function splitImages(images: readonly Candidate[], valSplit: number, seed: number): Split {
  const target = floorOfShare(images.length, valSplit);
  const groups = toGroups(images, seed);
  if (target < 1) {
    throw impossible(
      `VAL_SPLIT=${valSplit} of ${images.length} images is less than one. Raise it or add images.`,
      groups,
    );
  }
  const val = new ValSet(images, target);
  const open = groups.filter(({ images: { length } }) => length <= target);
  for (const tolerance of [0, 1, 2, Number.POSITIVE_INFINITY]) val.fill(open, tolerance);
  val.swapUp(open);
  if (val.size === 0) {
    throw impossible('No group of copies can go to val without taking a class out of train.', groups);
  }
  return {
    train: groups.filter((group) => !val.groups.has(group)).flatMap((group) => group.images),
    val: [...val.groups].flatMap((group) => group.images),
    tooLarge: groups
      .filter(({ images: { length } }) => length > target)
      .map((group) => ({ path: group.images[0]?.path ?? '', images: group.images.length })),
  };
}

/** Val as it grows, with each class's share of it. */
class ValSet {
  readonly groups = new Set<Group>();
  size = 0;
  private readonly inTrain: Map<string, number>;
  private readonly inVal = new Map<string, number>();
  private readonly quota: ReadonlyMap<string, number>;

  constructor(
    images: readonly Candidate[],
    private readonly target: number,
  ) {
    this.inTrain = countByLabel(images);
    this.quota = new Map(
      [...this.inTrain].map(([label, count]) => [
        label,
        Math.max(1, Math.round((count * target) / images.length)),
      ]),
    );
  }

  /** Rarest class first, so that it still finds groups; `tolerance` is how far a class may exceed its quota. */
  fill(open: readonly Group[], tolerance: number): void {
    const rarestFirst = [...this.quota].sort(([a, m], [b, n]) => m - n || byCodePoint(a, b));
    for (const [label, quota] of rarestFirst) {
      for (const group of open) {
        if ((this.inVal.get(label) ?? 0) >= quota) break;
        if (group.labels.has(label)) this.take(group, tolerance);
      }
    }
    for (const group of open) this.take(group, tolerance);
  }

  /** Where the count isn't reached, exchanges groups for larger ones that come nearer. */
  swapUp(open: readonly Group[]): void {
    let step = this.target - this.size;
    while (step > 0) step = this.swapBy(open, step) ? this.target - this.size : step - 1;
  }

  private swapBy(open: readonly Group[], step: number): boolean {
    for (const small of [...this.groups].reverse()) {
      const larger = open.filter(
        (group) => !this.groups.has(group) && group.images.length === small.images.length + step,
      );
      this.move(small, -1);
      if (larger.some((group) => this.take(group, Number.POSITIVE_INFINITY))) return true;
      this.move(small, 1);
    }
    return false;
  }

  private take(group: Group, tolerance: number): boolean {
    if (this.groups.has(group) || this.size + group.images.length > this.target) return false;
    for (const [label, count] of group.labels) {
      if ((this.inTrain.get(label) ?? 0) <= count) return false;
      if ((this.inVal.get(label) ?? 0) + count > (this.quota.get(label) ?? 0) + tolerance) return false;
    }
    this.move(group, 1);
    return true;
  }

  private move(group: Group, sign: 1 | -1): void {
    if (sign === 1) this.groups.add(group);
    else this.groups.delete(group);
    this.size += sign * group.images.length;
    for (const [label, count] of group.labels) {
      this.inVal.set(label, (this.inVal.get(label) ?? 0) + sign * count);
      this.inTrain.set(label, (this.inTrain.get(label) ?? 0) - sign * count);
    }
  }
}

function toGroups(images: readonly Candidate[], seed: number): Group[] {
  const byGroup = new Map<string, Candidate[]>();
  for (const image of images) {
    const same = byGroup.get(image.group);
    if (same) same.push(image);
    else byGroup.set(image.group, [image]);
  }
  return [...byGroup.values()]
    .map((members) => ({
      images: members,
      place: members.map(({ path }) => placeOfPath(seed, path)).sort(byCodePoint)[0] ?? '',
      labels: countByLabel(members),
      tie: members.map(({ sourceSha256 }) => sourceSha256).sort(byCodePoint)[0] ?? '',
    }))
    .sort((a, b) => byCodePoint(a.place, b.place) || byCodePoint(a.tie, b.tie));
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
export function copyCounts(images: readonly Candidate[]): { groups: number; images: number } {
  const sizes = new Map<string, number>();
  for (const { group } of images) sizes.set(group, (sizes.get(group) ?? 0) + 1);
  const copies = [...sizes.values()].filter((size) => size > 1);
  return { groups: copies.length, images: copies.reduce((sum, size) => sum + size, 0) };
}
