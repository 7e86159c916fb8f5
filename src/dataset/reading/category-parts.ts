import { type IdRange, SHIFTS, type Shift } from './image-fits.js';
import { numberOf } from './number-ids.js';

/** Category ids that are shifted by one in some of the images. */
interface ShiftedPart {
  /** The category ids in these images, and in the other images. */
  readonly used: IdRange;
  readonly others: IdRange;
  /** The image_ids of the annotations with shifted ids. */
  readonly images: IdRange;
  /** Whether the shifted ids include one that no category has. */
  readonly isCertain: boolean;
}

/** Fewer annotations may lie on one side of a border by chance. */
const MIN_ANNOTATIONS = 5;
/** Share of the classes in the middle that both sides must have: images that are sorted by class have few. */
const MIN_SHARED = 0.5;

/** The image_ids of the annotations that use a category id. */
interface Span {
  first: number;
  last: number;
  annotations: number;
}

/**
 * Finds category ids that are shifted by one in a part of the images, as in two exports that were joined. Both parts use
 * the ids in the middle; the id below the lowest class occurs in one part only, and that of the highest in the other only.
 */
export class CategoryParts {
  readonly #spans = new Map<number, Span>();
  readonly #lowest: number;
  readonly #highest: number;

  /**
   * @param classIds the ids of the categories that are classes
   * @param defined the ids of all categories
   */
  constructor(
    classIds: readonly string[],
    private readonly defined: ReadonlySet<string>,
  ) {
    const ids = classIds.map(numberOf);
    const numbers = ids.filter((id) => id !== undefined).sort((a, b) => a - b);
    const isSeries =
      numbers.length > 1 &&
      numbers.length === ids.length &&
      numbers.every((id, i) => id === (numbers[0] ?? 0) + i);
    this.#lowest = isSeries ? (numbers[0] ?? 0) : Number.NaN;
    this.#highest = isSeries ? (numbers.at(-1) ?? 0) : Number.NaN;
  }

  add(imageId: string | undefined, categoryId: string): void {
    const [image, category] = [numberOf(imageId), numberOf(categoryId)];
    if (image === undefined || category === undefined) return;
    if (!(category >= this.#lowest - 1 && category <= this.#highest + 1)) return;
    const span = this.#spans.get(category);
    if (!span) {
      this.#spans.set(category, { first: image, last: image, annotations: 1 });
      return;
    }
    span.first = Math.min(span.first, image);
    span.last = Math.max(span.last, image);
    span.annotations += 1;
  }

  get shifted(): ShiftedPart | undefined {
    const [only, ...others] = SHIFTS.map((by) => this.#partOf(by)).filter((part) => part !== undefined);
    return others.length === 0 ? only : undefined;
  }

  #partOf(by: Shift): ShiftedPart | undefined {
    const [lowest, highest] = [this.#lowest, this.#highest];
    // The id that only shifted annotations have, and the one that they cannot have.
    const [outer, opposite] = by === 1 ? [lowest - 1, highest] : [highest + 1, lowest];
    const [wrong, right] = [this.#spans.get(outer), this.#spans.get(opposite)];
    if (!wrong || !right || Math.min(wrong.annotations, right.annotations) < MIN_ANNOTATIONS)
      return undefined;
    const isBehind = wrong.first > right.last;
    if (!isBehind && wrong.last > right.first) return undefined;
    const [end, start] = isBehind ? [right.last, wrong.first] : [wrong.last, right.first];
    const middle = highest - lowest;
    const shared = [...this.#spans].filter(
      ([id, { first, last }]) => id !== outer && id !== opposite && first <= end && last >= start,
    );
    if (shared.length < Math.max(1, MIN_SHARED * middle)) return undefined;
    return {
      used: [lowest - by, highest - by],
      others: [lowest, highest],
      images: [wrong.first, wrong.last],
      isCertain: !this.defined.has(String(outer)),
    };
  }
}
