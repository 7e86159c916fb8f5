/** What a bbox that cannot be read is instead of four numbers. */

import { toNumber } from '../../lib/numbers.js';
import { plural } from '../../lib/plural.js';
import { parseText } from './annotation-text.js';
import type { Fault } from './misnamed.js';

const LIST = 'Write bbox as [left, top, width, height] in pixels.';

/** Units that people write after numbers. */
const UNITS: readonly (Fault & { readonly written: RegExp })[] = [
  {
    written: /^-?[\d.]+%$/,
    what: 'has a bbox in percent, with % after the numbers',
    advice: LIST,
  },
  {
    written: /^-?[\d.]+px$/i,
    what: 'has a bbox with px after the numbers',
    advice: 'Write the numbers without px.',
  },
];
const OTHER_TEXT: Fault = { what: 'has a bbox that is a text without four numbers', advice: LIST };
/** A comma before three digits. */
const COMMA = /^\s{0,9}[-+]?\d{1,12},\d{3}\s{0,9}$/;
const WITH_COMMA: Fault = {
  what: 'has a bbox with commas in numbers, which may be decimal commas or group thousands',
  advice: 'Write the numbers with a decimal point.',
};
/** Characters of a text that are looked at; four numbers are shorter. */
const MAX_TEXT = 200;

/** Returns the known form of a bbox that `statedBox` does not read; undefined if it is no such form. */
export function formFault(bbox: unknown): Fault | undefined {
  const words = wordsOf(bbox);
  const unit = UNITS.find(({ written }) => words.some((word) => written.test(word)));
  if (unit) return unit;
  const value = typeof bbox === 'string' ? parseText(bbox) : bbox;
  if (!Array.isArray(value)) return typeof bbox === 'string' ? OTHER_TEXT : undefined;
  const list: readonly unknown[] = value;
  if (list.some((item) => typeof item === 'string' && COMMA.test(item))) return WITH_COMMA;
  if (list.length > 0 && list.every((item) => toNumber(item) !== undefined))
    return faultOfNumbers(list.length);
  const lengths = new Set(list.map((item) => (Array.isArray(item) ? item.length : 0)));
  const [length] = lengths;
  if (list.length < 2 || lengths.size > 1) return undefined;
  if (length === 4) return { what: 'has several boxes in bbox', advice: 'Write one annotation per box.' };
  if (length !== 2 || list.length !== 2) return undefined;
  return {
    what: 'has a bbox of two points, which may be two corners, or a corner and a size',
    advice: LIST,
  };
}

/** The words of a text, a list of texts, or an object of texts. */
function wordsOf(bbox: unknown): readonly string[] {
  const values = typeof bbox === 'object' && bbox !== null ? Object.values(bbox) : [bbox];
  return values.flatMap((value) =>
    typeof value === 'string' ? value.slice(0, MAX_TEXT).split(/[\s,;()[\]"']+/) : [],
  );
}

function faultOfNumbers(count: number): Fault | undefined {
  if (count === 5) {
    return {
      what: 'has a bbox of five numbers, such as a rotated box or one with a score',
      advice: 'Write [left, top, width, height]; for a rotated box of Detectron2, add "bbox_mode": 4.',
    };
  }
  return count === 4
    ? undefined
    : { what: `has a bbox of ${plural(count, 'number')} instead of four`, advice: LIST };
}
