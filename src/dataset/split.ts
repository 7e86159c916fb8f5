import { byPlace, type Candidate, countByLabel } from './candidates.js';
import { DatasetError } from './errors.js';
import { byCodePoint } from './order.js';
import { floorOfShare } from './ratio.js';
import { SERVICE_LIMITS } from './service-rules.js';
import { SizeStock } from './size-stock.js';

export interface Split {
  readonly train: readonly Candidate[];
  readonly val: readonly Candidate[];
  /** Images that VAL_SPLIT asks for in val; it has fewer where groups don't add up to them. */
  readonly target: number;
  /** Groups of copies that val has no room for, each by the path of one of them. */
  readonly tooLarge: readonly { readonly path: string; readonly images: number }[];
}

interface Group {
  /** By place; the first one's is the group's. */
  readonly images: readonly [Candidate, ...Candidate[]];
  /** Images a class. */
  readonly labels: ReadonlyMap<string, number>;
}

/** By how many images a class may exceed its share of val; each is tried only where smaller ones don't fill it. */
const TOLERANCES = [0, 1, 2, 4, 8, Number.POSITIVE_INFINITY];

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
      .map((group) => ({ path: group.images[0].path, images: group.images.length })),
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

/** Val as it grows, with each class's share of it. Groups are taken only while the rest can still fill it exactly. */
class ValSet {
  readonly groups = new Set<Group>();
  size = 0;
  private readonly inTrain: Map<string, number>;
  private readonly inVal = new Map<string, number>();
  private readonly quota: ReadonlyMap<string, number>;
  private readonly stock: SizeStock;
  private readonly goal: number;
  /** Of the images that goes to val. */
  private readonly share: number;
  /** Whether val can still be filled after a group of that size; known until the next move. */
  private readonly leadsOn = new Map<number, boolean>();

  constructor(
    images: readonly Candidate[],
    target: number,
    private readonly open: readonly Group[],
  ) {
    this.stock = new SizeStock(open.map((group) => group.images.length));
    this.goal = this.stock.best(target);
    this.share = target / images.length;
    this.inTrain = countByLabel(images);
    this.quota = new Map(
      [...this.inTrain].map(([label, count]) => [label, Math.max(1, Math.round(count * this.share))]),
    );
  }

  fill(): void {
    // Rarest class first, so that it still finds groups.
    const rarestFirst = [...this.quota].sort(([a, m], [b, n]) => m - n || byCodePoint(a, b));
    for (const [label] of rarestFirst) this.grow(label, 1, TOLERANCES);
    this.takeShares();
    for (const tolerance of TOLERANCES) {
      for (const [label, quota] of rarestFirst) this.grow(label, quota, [tolerance]);
      for (const group of this.open) this.take(group, tolerance);
    }
    // A group that would have led astray may be wanted after later ones.
    let before: number;
    do {
      before = this.size;
      for (const group of this.open) this.take(group, Number.POSITIVE_INFINITY);
    } while (this.size > before);
    // What is still missing, classes keep in train.
    for (const group of this.open) this.take(group, Number.POSITIVE_INFINITY, 'roughly');
    let step = this.goal - this.size;
    while (step > 0) step = this.swapBy(step) ? this.goal - this.size : step - 1;
  }

  /** Classes in val. */
  get classes(): number {
    return [...this.inVal.values()].filter((count) => count > 0).length;
  }

  /** Takes what adds most classes, the smallest first among equals, until there are `needed`; then what fits. */
  cover(needed: number): void {
    while (this.classes < needed) {
      const ranked = this.open
        .filter((group) => !this.groups.has(group))
        .map((group) => ({ group, added: this.addedClasses(group) }))
        .filter(({ added }) => added > 0)
        .sort((a, b) => b.added - a.added || a.group.images.length - b.group.images.length);
      if (!ranked.some(({ group }) => this.take(group, Number.POSITIVE_INFINITY, 'roughly'))) break;
    }
    for (const group of this.open) this.take(group, Number.POSITIVE_INFINITY, 'roughly');
  }

  private addedClasses({ labels }: Group): number {
    return [...labels.keys()].filter((label) => (this.inVal.get(label) ?? 0) === 0).length;
  }

  /** Takes the share, rounded down, of the images that show the same classes together. */
  private takeShares(): void {
    const strata = new Map<string, Group[]>();
    for (const group of this.open) {
      const classes = JSON.stringify([...group.labels.keys()].sort(byCodePoint));
      const same = strata.get(classes);
      if (same) same.push(group);
      else strata.set(classes, [group]);
    }
    for (const stratum of strata.values()) {
      const imagesIn = (groups: readonly Group[]) =>
        groups.reduce((sum, group) => sum + group.images.length, 0);
      let room =
        Math.floor(imagesIn(stratum) * this.share) -
        imagesIn(stratum.filter((group) => this.groups.has(group)));
      for (const group of stratum) {
        if (group.images.length <= room && this.take(group, 0)) room -= group.images.length;
      }
    }
  }

  /** Takes groups of a class until val has `images` of it. */
  private grow(label: string, images: number, tolerances: readonly number[]): void {
    for (const tolerance of tolerances) {
      for (const group of this.open) {
        if ((this.inVal.get(label) ?? 0) >= images) return;
        if (group.labels.has(label)) this.take(group, tolerance);
      }
    }
  }

  /** Exchanges a group for one that is larger by `step`. */
  private swapBy(step: number): boolean {
    for (const small of [...this.groups].reverse()) {
      const larger = this.open.filter(
        (group) => !this.groups.has(group) && group.images.length === small.images.length + step,
      );
      this.move(small, -1);
      if (larger.some((group) => this.take(group, Number.POSITIVE_INFINITY, 'roughly'))) return true;
      this.move(small, 1);
    }
    return false;
  }

  private take(group: Group, tolerance: number, filling: 'exactly' | 'roughly' = 'exactly'): boolean {
    if (this.groups.has(group) || this.size + group.images.length > this.goal) return false;
    for (const [label, count] of group.labels) {
      if ((this.inTrain.get(label) ?? 0) <= count) return false;
      if ((this.inVal.get(label) ?? 0) + count > (this.quota.get(label) ?? 0) + tolerance) return false;
    }
    if (filling === 'exactly' && !this.canFillAfter(group.images.length)) return false;
    this.move(group, 1);
    return true;
  }

  private canFillAfter(size: number): boolean {
    const known = this.leadsOn.get(size);
    if (known !== undefined) return known;
    this.stock.add(size, -1);
    const can = this.stock.canMake(this.goal - this.size - size);
    this.stock.add(size, 1);
    this.leadsOn.set(size, can);
    return can;
  }

  private move(group: Group, sign: 1 | -1): void {
    if (sign === 1) this.groups.add(group);
    else this.groups.delete(group);
    this.size += sign * group.images.length;
    this.stock.add(group.images.length, -sign);
    this.leadsOn.clear();
    for (const [label, count] of group.labels) {
      this.inVal.set(label, (this.inVal.get(label) ?? 0) + sign * count);
      this.inTrain.set(label, (this.inTrain.get(label) ?? 0) - sign * count);
    }
  }
}

function toGroups(images: readonly Candidate[]): Group[] {
  const byGroup = new Map<string, [Candidate, ...Candidate[]]>();
  for (const image of [...images].sort(byPlace)) {
    const same = byGroup.get(image.group);
    if (same) same.push(image);
    else byGroup.set(image.group, [image]);
  }
  // Visited by place, so members and groups are in that order.
  return [...byGroup.values()].map((members) => ({ images: members, labels: countByLabel(members) }));
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
  const sizes = new Map<string, number>();
  for (const { group } of images) sizes.set(group, (sizes.get(group) ?? 0) + 1);
  const copies = [...sizes.values()].filter((size) => size > 1);
  return { groups: copies.length, images: copies.reduce((sum, size) => sum + size, 0) };
}
