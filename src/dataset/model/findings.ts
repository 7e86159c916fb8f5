import { byCodePoint } from '../../lib/order.js';
import { percentText } from '../../lib/percent.js';
import { plural } from '../../lib/plural.js';
import { asMessage, MAX_MESSAGE } from './message-length.js';
import { type Unit, unitField } from './units.js';

/**
 * Something that a user should know about a dataset. An `error` refuses the dataset. Messages name settings by their
 * variables; the terminal and the page translate these.
 */
export interface DatasetFinding {
  readonly code: string;
  readonly severity: 'error' | 'warning';
  /** One paragraph of at most MAX_MESSAGE characters. */
  readonly message: string;
  /** The beginning of `message` that says what is wrong, without advice. Present in findings that decide the quality. */
  readonly headline?: string;
  /** Number of all cases, in `unit`. */
  readonly count: number;
  /** What `count` counts. Absent in findings of earlier versions, and if the number says nothing. */
  readonly unit?: Unit;
  readonly examples: readonly string[];
}

/** Maximum examples per finding. `count` is the number of all cases. */
export const MAX_EXAMPLES = 10;

/** A message in two parts: what is wrong, and what follows from it or what to do. */
export interface FindingText {
  readonly headline: string;
  readonly rest: string;
}

/** A warning with its first examples by code point; undefined if `count` is 0. Names in a long message are shortened. */
export function warning(
  code: string,
  count: number,
  text: string | FindingText,
  examples: readonly string[] = [],
): DatasetFinding | undefined {
  if (count === 0) return undefined;
  const sorted = [...examples].sort(byCodePoint).slice(0, MAX_EXAMPLES);
  return {
    code,
    severity: 'warning',
    ...partsOf(text, examples),
    count,
    ...unitField(code),
    examples: sorted,
  };
}

function partsOf(
  text: string | FindingText,
  names: readonly string[],
): Pick<DatasetFinding, 'message' | 'headline'> {
  if (typeof text === 'string') return { message: asMessage(text, names) };
  const left = MAX_MESSAGE - text.headline.length - 1;
  const rest = asMessage(text.rest, names, Math.max(left, MAX_MESSAGE / 2));
  const headline = asMessage(text.headline, names, MAX_MESSAGE - rest.length - 1);
  return { message: `${headline} ${rest}`, headline };
}

/** A warning whose message starts with the share of annotations that it is about, as `3 of 60 annotations (5 %)`. */
export function annotationsWarning(
  code: string,
  { count, found }: { readonly count: number; readonly found: number },
  what: string | FindingText,
  examples: readonly string[] = [],
): DatasetFinding | undefined {
  const sentence = (end: string) =>
    `${count} of ${plural(found, 'annotation')} (${percentText(count, found)}) ${end}.`;
  const text = typeof what === 'string' ? sentence(what) : { ...what, headline: sentence(what.headline) };
  return warning(code, count, text, examples);
}
