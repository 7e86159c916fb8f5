import { type IdRange, SHIFTS, type Shift, type Start } from './image-fits.js';
import { numberOf } from './number-ids.js';

/** The ids that annotations use, with those that are defined. */
export class UsedIds {
  readonly #known = new Set<string>();
  /** Shifts with which all ids so far are defined. */
  readonly #possible = new Set<Shift>(SHIFTS);
  /** Whether all ids so far are positions in a list of as many records. */
  #arePositions = true;
  #unknown = new Set<string>();
  #lowest = Number.POSITIVE_INFINITY;
  #highest = Number.NEGATIVE_INFINITY;

  constructor(private readonly defined: ReadonlySet<string>) {}

  add(id: string | undefined): void {
    if (id === undefined || this.#known.has(id) || this.#unknown.has(id)) return;
    const number = numberOf(id);
    if (number === undefined) {
      this.#possible.clear();
      this.#arePositions = false;
      return;
    }
    this.#lowest = Math.min(this.#lowest, number);
    this.#highest = Math.max(this.#highest, number);
    for (const by of SHIFTS) if (!this.defined.has(String(number + by))) this.#possible.delete(by);
    if (number < 0 || number > this.defined.size) this.#arePositions = false;
    // Unknown ids are kept only as long as they may be explained, since a file may have many.
    if (this.defined.has(id)) this.#known.add(id);
    else if (this.#possible.size > 0 || this.#arePositions) this.#unknown.add(id);
    else this.#unknown.clear();
  }

  /** Number of different ids. */
  get count(): number {
    return this.#known.size + this.#unknown.size;
  }

  /** Number of records. */
  get size(): number {
    return this.defined.size;
  }

  /** Whether no record has most of the ids. */
  get areMostUnknown(): boolean {
    return this.#unknown.size > this.#known.size;
  }

  get hasUnknown(): boolean {
    return this.#unknown.size > 0;
  }

  /** Whether all ids belong to records with this shift. */
  areDefined(by: Shift): boolean {
    return this.count > 0 && this.#possible.has(by);
  }

  /** Whether all ids are positions in a list of that many records, counted from `start`. */
  arePositions(start: Start, records: number): boolean {
    return this.#arePositions && this.#lowest >= start && this.#highest < records + start;
  }

  /** Whether annotations use the id of a record with this shift. */
  isUsed(definedId: string, by: Shift): boolean {
    const id = String(Number(definedId) - by);
    return this.#known.has(id) || this.#unknown.has(id);
  }

  /** Whether annotations use only these ids. */
  areUsed(ids: readonly string[]): boolean {
    const allowed = new Set(ids);
    return [...this.#known].every((id) => allowed.has(id));
  }

  /** The lowest and the highest id that annotations use, and that records have. */
  get ranges(): { readonly used: IdRange; readonly defined: IdRange } {
    const numbers = [...this.defined].map(Number);
    const [lowest, highest] = numbers.reduce(
      ([least, most], number) => [Math.min(least, number), Math.max(most, number)],
      [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
    );
    return { used: [this.#lowest, this.#highest], defined: [lowest ?? 0, highest ?? 0] };
  }
}
