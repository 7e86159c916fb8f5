import type { Bbox } from '../model/box-conventions.js';
import { type Frame, isClose } from './conventions.js';

const WHOLE = 'the whole image';
/** Other values of which so many contradict their shapes are no placeholders. */
const MAX_VALUES = 20_000;
/** Annotations with a shape from which a bbox is shown to be a placeholder. */
const MIN_PROOFS = 3;

interface Uses {
  contradicted: number;
  /** The bounds of the first shape that contradicts, and whether another one has other bounds. */
  readonly first: string;
  areIndividual: boolean;
}

/** Collects values of the bbox that annotations with different shapes share, such as the whole image. */
export class Placeholders {
  readonly #uses = new Map<string, Uses>();
  #isOverflown = false;

  /** Adds an annotation whose bbox marks another place than its shape. */
  addContradiction(bbox: Bbox, bounds: Bbox, frame: Frame): void {
    const value = keyOf(bbox, frame);
    const known = this.#uses.get(value);
    if (!known && value !== WHOLE && this.#uses.size > MAX_VALUES) {
      this.#isOverflown = true;
      return;
    }
    const uses = known ?? { contradicted: 0, first: bounds.join(), areIndividual: false };
    uses.contradicted += 1;
    uses.areIndividual ||= uses.first !== bounds.join();
    this.#uses.set(value, uses);
  }

  /** Whether any bbox is a placeholder. */
  get areShown(): boolean {
    return [...this.#uses].some(([value, uses]) => this.#isShown(value, uses));
  }

  /** What the bbox is, such as `the whole image`, if it says nothing about the annotation; otherwise undefined. */
  nameOf(bbox: Bbox, frame: Frame): string | undefined {
    const value = keyOf(bbox, frame);
    const uses = this.#uses.get(value);
    if (!uses || !this.#isShown(value, uses)) return undefined;
    return value === WHOLE ? WHOLE : 'the same numbers for different shapes';
  }

  #isShown(value: string, { contradicted, areIndividual }: Uses): boolean {
    return areIndividual && contradicted >= MIN_PROOFS && (value === WHOLE || !this.#isOverflown);
  }
}

const keyOf = (bbox: Bbox, { width, height }: Frame): string =>
  width !== null && height !== null && isClose(bbox, [0, 0, width, height]) ? WHOLE : bbox.join();
