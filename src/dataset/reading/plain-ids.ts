/** Ids that are the same number but written differently, such as `"0001"` in annotations and `1` in images. */

import { byCodePoint } from '../../lib/order.js';
import { shortJson } from '../../lib/short-json.js';
import { MAX_EXAMPLES } from '../model/findings.js';

/** Ids as most files write them, which need no change. */
const USUAL = /^[1-9]\d*$/;

/** The id without spaces around it and, if it is a number, without leading zeros and without a fraction of zero. */
export function plainId(id: string): string {
  if (USUAL.test(id)) return id;
  const text = id.trim();
  const whole = /^(\d+)(?:\.0+)?$/.exec(text)?.[1];
  return whole === undefined ? text : whole.replace(/^0+(?=\d)/, '');
}

/** Finds ids by other spellings of the same number. */
export class PlainIds {
  #byPlain: Map<string, string | null> | undefined;

  /** @param ids is read when the first spelling is looked up, which most files never need */
  constructor(private readonly ids: () => Iterable<string>) {}

  /** The only id that is the same number; undefined if there is none, or if several are. */
  find(id: string): string | undefined {
    this.#byPlain ??= this.#read();
    return this.#byPlain.get(plainId(id)) ?? undefined;
  }

  #read(): Map<string, string | null> {
    const found = new Map<string, string | null>();
    for (const id of this.ids()) {
      const plain = plainId(id);
      found.set(plain, found.has(plain) ? null : id);
    }
    return found;
  }
}

/** The same records by plain id; undefined if two of them have the same plain id. */
export function byPlainId<Value>(byId: ReadonlyMap<string, Value>): ReadonlyMap<string, Value> | undefined {
  if ([...byId.keys()].every((id) => plainId(id) === id)) return byId;
  const plain = new Map([...byId].map(([id, value]) => [plainId(id), value]));
  return plain.size === byId.size ? plain : undefined;
}

/** Annotations whose ids are written differently than those of their records. */
export class RewrittenIds {
  #examples = new Set<string>();
  #count = 0;

  /** @param ids for each member, such as `image_id`, the id in the annotation and that of the record */
  add(ids: Readonly<Record<string, readonly [written: string | undefined, id: string | undefined]>>): void {
    const different = Object.entries(ids).filter(
      ([, [written, id]]) =>
        written !== undefined && id !== undefined && written !== id && plainId(written) === plainId(id),
    );
    if (different.length > 0) this.#count += 1;
    for (const [member, [written, id]] of different) {
      this.#examples.add(`${member} ${shortJson(written)} = ${shortJson(id)}`);
    }
    if (this.#examples.size > 100 * MAX_EXAMPLES) this.#examples = new Set(this.#smallest);
  }

  get #smallest(): string[] {
    return [...this.#examples].sort(byCodePoint).slice(0, MAX_EXAMPLES);
  }

  /** Number of these annotations, with some of their ids. */
  get found(): { readonly count: number; readonly examples: readonly string[] } {
    return { count: this.#count, examples: this.#smallest };
  }
}
