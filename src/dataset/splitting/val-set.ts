import { groupBy } from '../../lib/group-by.js';
import { byCodePoint } from '../../lib/order.js';
import { type Candidate, countByLabel } from '../model/candidates.js';
import { SizeStock } from './size-stock.js';

/** Copies of one photo, which go to val together or not at all. */
export interface Group {
  /** By place; the first one's is the group's. */
  readonly images: readonly Candidate[];
  /** Images a class. */
  readonly labels: ReadonlyMap<string, number>;
}

/** By how many images a class may exceed its share of val; each is tried only where smaller ones don't fill it. */
const TOLERANCES = [0, 1, 2, 4, 8, Number.POSITIVE_INFINITY];

/** Val as it grows, with each class's share of it. Groups are taken only while the rest can still fill it exactly. */
export class ValSet {
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
    const strata = groupBy(this.open, (group) => JSON.stringify([...group.labels.keys()].sort(byCodePoint)));
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
