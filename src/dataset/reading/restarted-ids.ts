import type { DraftImage } from './image-records.js';
import { numberOf } from './number-ids.js';

/** Image_ids that start again in the middle of the annotations. */
interface Restart {
  /** The first annotation with an id from the new start, and this id. */
  readonly index: number;
  readonly id: number;
  /** Images at the end of the list without annotations. */
  readonly unannotated: number;
}

/** Minimum images without annotations. With fewer, images may lack annotations at the end of the list by chance. */
const MIN_UNANNOTATED = 10;
/** Relative difference between the images of the second run and those without annotations. */
const MAX_DIFFERENCE = 0.1;

/** The annotations in which image_ids never become smaller. */
interface Run {
  readonly start: number;
  readonly firstId: number;
  readonly images: Set<number>;
  readonly categories: Set<string>;
}

/**
 * Finds image_ids that start again, as in two exports whose lists were joined without new image_ids: they rise, fall once
 * and rise again, the same classes occur in both runs, and as many images as the second run has lack annotations at the
 * end of the list. Files that are sorted by class have more runs, or other classes in each.
 */
export class RestartWatch {
  readonly #runs: Run[] = [];
  readonly #annotated = new Set<string>();
  #index = -1;
  #last = Number.NEGATIVE_INFINITY;
  #isPossible = true;

  constructor(private readonly images: ReadonlyMap<string, DraftImage>) {}

  add(imageId: string | undefined, categoryId: string | undefined): void {
    this.#index += 1;
    if (!this.#isPossible) return;
    const id = numberOf(imageId);
    const run = id === undefined ? undefined : this.#runOf(id);
    if (id === undefined || imageId === undefined || !run || !this.images.has(imageId)) {
      this.#end();
      return;
    }
    this.#last = id;
    this.#annotated.add(imageId);
    run.images.add(id);
    if (categoryId !== undefined) run.categories.add(categoryId);
  }

  /** The run that the next id belongs to; undefined if it would be the third. */
  #runOf(id: number): Run | undefined {
    if (id >= this.#last && this.#runs.length > 0) return this.#runs.at(-1);
    if (this.#runs.length === 2) return undefined;
    const run = { start: this.#index, firstId: id, images: new Set<number>(), categories: new Set<string>() };
    this.#runs.push(run);
    return run;
  }

  get found(): Restart | undefined {
    const [first, second] = this.#runs;
    if (!this.#isPossible || !first || !second) return undefined;
    const ids = [...this.images.keys()];
    const unannotated = ids.length - 1 - ids.findLastIndex((id) => this.#annotated.has(id));
    const isBlock = this.#annotated.size + unannotated === ids.length;
    const isAsMany =
      unannotated >= MIN_UNANNOTATED &&
      Math.abs(second.images.size - unannotated) <= MAX_DIFFERENCE * unannotated;
    if (!isBlock || !isAsMany || !sharesAny(first.categories, second.categories)) return undefined;
    return { index: second.start, id: second.firstId, unannotated };
  }

  #end(): void {
    this.#isPossible = false;
    this.#runs.length = 0;
    this.#annotated.clear();
  }
}

const sharesAny = (one: ReadonlySet<string>, other: ReadonlySet<string>) =>
  [...one].some((value) => other.has(value));
