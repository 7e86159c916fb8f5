/** What the area of annotations without a shape shows about the convention of their bbox. */

import { groupBy } from '../../lib/group-by.js';
import { type Convention, fitsFrame, MEASURED_CONVENTIONS } from './conventions.js';
import type { Observed } from './explanations.js';

/** Difference of an area that was rounded: relative, and in pixels. */
const TOLERANCE = 0.001;
const TOLERANCE_PX = 0.51;
/** The same for numbers in percent and fractions, which are rounded more; their areas are far from those in pixels. */
const SCALED_TOLERANCE = 0.02;
/** Annotations whose areas show a convention, and their minimum share: fewer may be chance. */
const MIN_PROOFS = 3;
const MIN_SHARE = 0.02;
/** The same share for percent and fractions: areas that are wrong fit one of them within 2 % now and then. */
const MIN_SCALED_SHARE = 0.25;
/** Share of miscomputed areas above which those that fit corners are miscomputed too. */
const MAX_MISCOMPUTED = 0.05;
/** Minimum share of boxes that lie inside their images in the right convention. */
const MIN_INSIDE = 0.99;

/** Conventions that give the same area, such as two corners, or a position with width and height; in one unit. */
type Group = string;
const COCO_GROUP: Group = 'sizes in pixels';
const CORNERS_GROUP: Group = 'corners in pixels';

/** The conventions by which of their numbers are subtracted or multiplied; all others have width and height last. */
const PRODUCTS: readonly (readonly [product: string, names: RegExp])[] = [
  ['rising corners', /^\[(?:top, right|left, bottom, right)|^corners \[left, top.* from below/],
  ['corners', /^corners/],
  ['pairs of edges', /^\[(?:left, right|top, bottom)/],
  ['sizes first', /^\[width/],
];

function groupOf({ name }: Convention): Group {
  const [, unit = 'pixels'] = / in (percent|fractions of the image size)$/.exec(name) ?? [];
  const [product] = PRODUCTS.find(([, names]) => names.test(name)) ?? ['sizes'];
  return `${product} in ${unit}`;
}

const isInPixels = (group: Group) => group.endsWith('in pixels');

const GROUPS: ReadonlyMap<Group, readonly Convention[]> = groupBy(MEASURED_CONVENTIONS, groupOf);
const OTHER_GROUPS = [...GROUPS].filter(([group]) => group !== COCO_GROUP);

/** What the area of one annotation shows: a group, `none` if it shows nothing, `neither` if it fits no convention. */
type Vote = Group | 'none' | 'neither';

interface Counts {
  votes: number;
  /** Boxes inside their images, by convention of the group. */
  readonly inside: Map<Convention, number>;
  /** Annotations whose area is larger than their box in this group, so that they have another convention. */
  impossible: number;
}

/** What the annotations of one image show; an image has one exporter. */
interface ImageVotes {
  /** Another group than COCO's, with its votes; `mixed` if there are several. */
  group: Group | undefined;
  votes: number;
  ofCoco: number;
}

/** Collects which conventions the areas of a COCO file show. Parts of a file may have different ones. */
export class AreaProof {
  readonly #counts = new Map<Group, Counts>(
    OTHER_GROUPS.map(([group]) => [group, { votes: 0, inside: new Map(), impossible: 0 }]),
  );
  readonly #byImage = new Map<string, ImageVotes>();
  #ofCoco = 0;
  /** Areas that were computed from width and height as if they were the other corner. */
  #miscomputed = 0;
  #neither = 0;

  /** @param image id of the image */
  add(image: string, box: Observed): void {
    if (isMiscomputed(box)) this.#miscomputed += 1;
    const vote = voteOf(box);
    if (vote === 'none') return;
    if (vote === 'neither') {
      this.#addNeither(box);
      return;
    }
    const own = this.#byImage.get(image) ?? { group: undefined, votes: 0, ofCoco: 0 };
    this.#byImage.set(image, own);
    if (vote === COCO_GROUP) {
      this.#ofCoco += 1;
      own.ofCoco += 1;
      return;
    }
    own.group = own.group === undefined || own.group === vote ? vote : 'mixed';
    own.votes += 1;
    this.#addVote(vote, box);
  }

  #addNeither(box: Observed): void {
    this.#neither += 1;
    for (const [group, counts] of this.#counts) {
      if ((box.area ?? 0) > (1 + SCALED_TOLERANCE) * areaIn(group, box)) counts.impossible += 1;
    }
  }

  #addVote(group: Group, { bbox, frame }: Observed): void {
    const counts = this.#counts.get(group);
    if (!counts) return;
    counts.votes += 1;
    for (const convention of GROUPS.get(group) ?? []) {
      const box = convention.read(bbox, frame);
      if (!box || !fitsFrame(box, frame)) continue;
      counts.inside.set(convention, (counts.inside.get(convention) ?? 0) + 1);
    }
  }

  /** What the areas of the whole file show. */
  verdict(): AreaVerdict {
    const shown = [...this.#counts].flatMap(([group, counts]): [Group, readonly Convention[]][] => {
      if (group === CORNERS_GROUP && this.#miscomputed > MAX_MISCOMPUTED * counts.votes) return [];
      const minShare = isInPixels(group) ? MIN_SHARE : MIN_SCALED_SHARE;
      const isShown = counts.votes >= MIN_PROOFS && counts.votes >= minShare * (counts.votes + this.#neither);
      const conventions = isShown ? likely(counts) : [];
      return conventions.length > 0 ? [[group, conventions]] : [];
    });
    const [first, ...others] = shown;
    const isWhole = first !== undefined && others.length === 0 && this.#ofCoco === 0;
    const whole = isWhole && this.#counts.get(first[0])?.impossible === 0 ? first[0] : undefined;
    return new AreaVerdict(new Map(shown), this.#byImage, whole);
  }
}

/** The conventions in which the boxes lie inside their images: those with x before y, or else those with y before x. */
function likely({ votes, inside }: Counts): readonly Convention[] {
  const fitting = [...inside].flatMap(([convention, count]) =>
    count >= MIN_INSIDE * votes ? [convention] : [],
  );
  const isYFirst = ({ name }: Convention) => name.includes('[top, left');
  const xFirst = fitting.filter((one) => !isYFirst(one));
  return xFirst.length > 0 ? xFirst : fitting;
}

/** What the areas of a COCO file show. */
export class AreaVerdict {
  readonly #shown: ReadonlyMap<Group, readonly Convention[]>;
  readonly #byImage: ReadonlyMap<string, ImageVotes>;
  readonly #whole: Group | undefined;

  constructor(
    shown: ReadonlyMap<Group, readonly Convention[]>,
    byImage: ReadonlyMap<string, ImageVotes>,
    whole: Group | undefined,
  ) {
    this.#shown = shown;
    this.#byImage = byImage;
    this.#whole = whole;
  }

  get isEmpty(): boolean {
    return this.#shown.size === 0;
  }

  /** The conventions of a group of which nothing shows which is right; undefined if there is no such group. */
  get ambiguous(): readonly Convention[] | undefined {
    return [...this.#shown.values()].find((conventions) => conventions.length > 1);
  }

  /**
   * The convention of a bbox: what its own area shows in pixels, or else most annotations of its image, or else the
   * file. Returns `coco` for COCO's own, undefined if nothing shows the convention.
   */
  conventionOf(image: string, box: Observed): Convention | 'coco' | undefined {
    if (this.isEmpty) return undefined;
    const { group, votes, ofCoco } = this.#byImage.get(image) ?? { group: undefined, votes: 0, ofCoco: 0 };
    const vote = voteOf(box);
    if (vote === COCO_GROUP) return 'coco';
    const [own] = this.#shown.get(vote) ?? [];
    // Areas fit percent and fractions less exactly.
    if (own && (isInPixels(vote) || ofCoco <= votes)) return own;
    if (ofCoco > votes) return 'coco';
    const [shared] = this.#shown.get(group ?? this.#whole ?? '') ?? [];
    const read = shared?.read(box.bbox, box.frame);
    return read && fitsFrame(read, box.frame) ? shared : undefined;
  }
}

function voteOf(box: Observed): Vote {
  const { area } = box;
  if (area === undefined || area <= 0) return 'none';
  const [left, top, width, height] = box.bbox;
  const isCorners = isAreaOf(area, areaIn(CORNERS_GROUP, box));
  if (isAreaOf(area, width * height)) return isCorners ? 'none' : COCO_GROUP;
  const groups = OTHER_GROUPS.map(([group]) => group).filter((group) => {
    if (group === CORNERS_GROUP) return false;
    const size = areaIn(group, box);
    return isInPixels(group) ? isAreaOf(area, size) : Math.abs(size / area - 1) <= SCALED_TOLERANCE;
  });
  // Pascal VOC's boxes include the last pixel.
  if (isAreaOf(area, (width + 1) * (height + 1))) groups.push(COCO_GROUP);
  if (isCorners || isInclusive(area, width - left, height - top)) groups.push(CORNERS_GROUP);
  const [only = 'neither', ...others] = groups;
  return others.length === 0 ? only : 'none';
}

/**
 * Whether the area is that of corners which the bbox cannot be, since its right or lower edge comes first. An exporter
 * that computes areas like this for [left, top, width, height] gives the area of corners to some boxes too.
 */
function isMiscomputed({ bbox: [left, top, width, height], area }: Observed): boolean {
  if (area === undefined || area === 0 || (width > left && height > top)) return false;
  const product = (width - left) * (height - top);
  return isAreaOf(Math.abs(area), Math.abs(product)) && !isAreaOf(area, width * height);
}

const isInclusive = (area: number, width: number, height: number) =>
  width > 0 && height > 0 && isAreaOf(area, (width + 1) * (height + 1));

const isAreaOf = (area: number, size: number) =>
  Math.abs(area - size) <= Math.max(TOLERANCE * size, TOLERANCE_PX);

/** The area of a box in the conventions of a group; 0 if the group gives it none. */
function areaIn(group: Group, { bbox, frame }: Observed): number {
  const [first] = GROUPS.get(group) ?? [];
  const [, , width, height] = first?.read(bbox, frame) ?? [0, 0, 0, 0];
  return width > 0 && height > 0 ? width * height : 0;
}
