import type { Convention } from './conventions.js';
import type { Explanations, Right } from './explanations.js';

/** Annotations with a shape from which these show the convention of a COCO file's other boxes. */
const MIN_PROOFS = 3;

/** Collects in which conventions the boxes of a COCO file are the bounds of their own shapes. */
export class ConventionProof {
  #proofs = 0;
  #left: readonly Convention[] | undefined;

  /** @param own which of bbox and shape the annotation's own evidence shows to be right */
  add({ agree, conventions, readings }: Explanations, own: Right | undefined): void {
    const isBboxRight = agree || own === 'bbox' || (conventions.length === 0 && readings.length > 0);
    if (!isBboxRight && conventions.length === 0) return;
    this.#proofs += 1;
    const fitting = isBboxRight ? [] : conventions;
    this.#left = this.#left?.filter((one) => fitting.includes(one)) ?? fitting;
  }

  /** The only convention that fits all boxes with a shape, unless it is COCO's own or too few boxes have one. */
  get convention(): Convention | undefined {
    const [only, ...others] = this.#left ?? [];
    return this.#proofs >= MIN_PROOFS && others.length === 0 ? only : undefined;
  }
}
