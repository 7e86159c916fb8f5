import { byCodePoint } from '../../lib/order.js';
import { MAX_EXAMPLES } from '../model/findings.js';

/** Keeps the first of many texts by code point, at most MAX_EXAMPLES: the same in any order of the file. */
export class SmallestTexts {
  #kept: string[] = [];

  add(text: string): void {
    this.#kept.push(text);
    if (this.#kept.length >= 100 * MAX_EXAMPLES) this.#kept = this.texts;
  }

  /** The texts, sorted. */
  get texts(): string[] {
    return this.#kept.sort(byCodePoint).slice(0, MAX_EXAMPLES);
  }
}
