import { groupBy } from '../../lib/group-by.js';
import { byCodePoint } from '../../lib/order.js';
import { type Candidate, countByLabel } from '../model/candidates.js';
import { SizeStock } from './size-stock.js';

/** Images that stay on one side: copies, and images joined by name. */
export interface Group {
  /** Sorted by sort key. The first image's key is that of the group. */
  readonly images: readonly Candidate[];
  /** Number of images per class. */
  readonly labels: ReadonlyMap<string, number>;
}

/**
 * Number of images by which a class may exceed its share of val. A value is tried only if smaller ones do not fill val.
 */
const TOLERANCES = [0, 1, 2, 4, 8, Number.POSITIVE_INFINITY];

/** Images that a class lacks in val before groups are exchanged; one may be lacking by rounding. */
const MIN_LACKING = 2;
/** Maximum exchanges, and maximum kinds of groups that are compared on either side for one of them. */
const MAX_EXCHANGES = 200;
const MAX_KINDS = 200;
/** Smaller changes are errors of rounding. */
const MIN_CHANGE = 1e-9;

/** What groups have in common that can take each other's place: the number of images, and those per class. */
function kindOf({ images, labels }: Group): string {
  return JSON.stringify([images.length, [...labels].sort(([a], [b]) => byCodePoint(a, b))]);
}

/** The validation split while it is filled. A group is taken only if the remaining groups can still fill val exactly. */
export class ValSet {
  readonly groups = new Set<Group>();
  size = 0;
  private readonly inTrain: Map<string, number>;
  private readonly inVal = new Map<string, number>();
  private readonly quota: ReadonlyMap<string, number>;
  private readonly stock: SizeStock;
  private readonly goal: number;
  /** Share of the images that goes to val. */
  private readonly share: number;
  /** Whether val can still be filled exactly after a group of that size is taken; valid until the next move. */
  private readonly fillable = new Map<number, boolean>();

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

  /** Fills val up to its goal, with classes in proportion. */
  fill(): void {
    // The rarest class first, while there are groups left for it.
    const rarestFirst = [...this.quota].sort(([a, m], [b, n]) => m - n || byCodePoint(a, b));
    for (const [label] of rarestFirst) this.grow(label, 1, TOLERANCES);
    this.takeShares();
    for (const tolerance of TOLERANCES) {
      for (const [label, quota] of rarestFirst) this.grow(label, quota, [tolerance]);
      for (const group of this.open) this.take(group, tolerance);
    }
    // A group that could not be taken before may fit after others were taken.
    let before: number;
    do {
      before = this.size;
      for (const group of this.open) this.take(group, Number.POSITIVE_INFINITY);
    } while (this.size > before);
    // The rest is missing because classes must stay in train: fill as far as possible.
    for (const group of this.open) this.take(group, Number.POSITIVE_INFINITY, 'roughly');
    let step = this.goal - this.size;
    while (step > 0) step = this.swapBy(step) ? this.goal - this.size : step - 1;
  }

  /**
   * Exchanges groups of equal size until no class lacks two images of its share, as far as that brings all classes
   * together nearer to their shares: images with several classes may have filled val before a class has its share.
   */
  exchange(): void {
    const kinds = new Map<Group, string>();
    for (let step = 0; step < MAX_EXCHANGES; step += 1) {
      const [most] = [...this.quota]
        .map(([label, quota]) => ({ label, lacks: quota - (this.inVal.get(label) ?? 0) }))
        .sort((a, b) => b.lacks - a.lacks || byCodePoint(a.label, b.label));
      if (!most || most.lacks < MIN_LACKING) return;
      if (kinds.size === 0) for (const group of this.open) kinds.set(group, kindOf(group));
      const best = this.bestExchange(most.label, kinds);
      if (!best) return;
      this.move(best.leaving, -1);
      this.move(best.entering, 1);
    }
  }

  /** The exchange that adds images of a class to val and brings the classes nearest to their shares. */
  private bestExchange(
    label: string,
    kinds: ReadonlyMap<Group, string>,
  ): { leaving: Group; entering: Group } | undefined {
    const firstOfKinds = (groups: readonly Group[]) => {
      const first = new Map<string | undefined, Group>();
      for (const group of groups) if (!first.has(kinds.get(group))) first.set(kinds.get(group), group);
      return [...first.values()].slice(0, MAX_KINDS);
    };
    const leavingKinds = firstOfKinds([...this.open].reverse().filter((group) => this.groups.has(group)));
    const enteringKinds = firstOfKinds(
      this.open.filter((group) => !this.groups.has(group) && group.labels.has(label)),
    );
    let best: { leaving: Group; entering: Group; change: number } | undefined;
    for (const leaving of leavingKinds) {
      for (const entering of enteringKinds) {
        if (leaving.images.length !== entering.images.length) continue;
        const change = this.changeBy(leaving, entering);
        if (change < (best?.change ?? -MIN_CHANGE)) best = { leaving, entering, change };
      }
    }
    return best;
  }

  /** Change of the squared distances of classes from their shares, relative to these; infinite if a class is lost. */
  private changeBy(leaving: Group, entering: Group): number {
    let change = 0;
    for (const label of new Set([...leaving.labels.keys(), ...entering.labels.keys()])) {
      const moved = (entering.labels.get(label) ?? 0) - (leaving.labels.get(label) ?? 0);
      const [before, quota] = [this.inVal.get(label) ?? 0, this.quota.get(label) ?? 1];
      const isLost = before + moved <= 0 || (this.inTrain.get(label) ?? 0) - moved <= 0;
      if (moved !== 0 && isLost) return Number.POSITIVE_INFINITY;
      change += ((before + moved - quota) ** 2 - (before - quota) ** 2) / quota;
    }
    return change;
  }

  /** Number of classes in val. */
  get classes(): number {
    return [...this.inVal.values()].filter((count) => count > 0).length;
  }

  /** Takes the groups that add most classes, smaller ones first, until val has `needed` classes; then all that fit. */
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

  /** Takes the share, rounded down, of the images with equal sets of classes. */
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

  /** Takes groups with a class until val has `images` images of it. */
  private grow(label: string, images: number, tolerances: readonly number[]): void {
    for (const tolerance of tolerances) {
      for (const group of this.open) {
        if ((this.inVal.get(label) ?? 0) >= images) return;
        if (group.labels.has(label)) this.take(group, tolerance);
      }
    }
  }

  /** Replaces a group of val by one that is larger by `step` images. */
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
    const known = this.fillable.get(size);
    if (known !== undefined) return known;
    this.stock.add(size, -1);
    const can = this.stock.canMake(this.goal - this.size - size);
    this.stock.add(size, 1);
    this.fillable.set(size, can);
    return can;
  }

  private move(group: Group, sign: 1 | -1): void {
    if (sign === 1) this.groups.add(group);
    else this.groups.delete(group);
    this.size += sign * group.images.length;
    this.stock.add(group.images.length, -sign);
    this.fillable.clear();
    for (const [label, count] of group.labels) {
      this.inVal.set(label, (this.inVal.get(label) ?? 0) + sign * count);
      this.inTrain.set(label, (this.inTrain.get(label) ?? 0) - sign * count);
    }
  }
}
