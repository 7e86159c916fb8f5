import { plural } from '../lib/plural.js';
import type { Ends } from './bootstrap.js';
import type { ClassErrors, ErrorCounts } from './error-summary.js';
import { judgeModel, MIN_BOXES } from './verdict.js';

/**
 * Says in a sentence how far a model can be used.
 * @param figures as of `judgeModel`
 * @param counts null if there are no predictions to count; the sentence then states the errors only by F1
 */
export function verdictText(figures: Parameters<typeof judgeModel>[0], counts: ErrorCounts | null): string {
  const { f1, interval, chance, testBoxes } = figures;
  const against = chance === null ? `F1 ${short(f1)}` : comparison(f1, chance);
  const start = chance === null ? `F1 ${short(f1)}` : `Above chance (${against})`;
  switch (judgeModel(figures)) {
    case 'too-few-boxes':
      return `Too few objects to judge: the test images have ${plural(testBoxes ?? 0, 'labelled object')}, at least ${MIN_BOXES} are needed.`;
    case 'no-better-than-chance':
      return `No better than chance (${against}${rangeOf(interval)}). Do not use this model.`;
    case 'too-poor':
      return `${start}, but too poor to use: ${errorsOf(counts, 'more than two errors for each object found')}.`;
    case 'with-checking':
      return `${start}. Usable if a person checks the results: ${errorsOf(counts, 'up to two errors for each object found')}.`;
    case 'good':
      return `${start}, and good: ${errorsOf(counts, 'at most one error for two objects found')}.`;
  }
}

/** Says of the weakest class what goes wrong most. */
export function weakestText({ label, objects, missed, falseAlarms }: ClassErrors): string {
  const errors =
    falseAlarms >= missed
      ? plural(falseAlarms, 'false alarm')
      : `${missed} of ${plural(objects, 'object')} missed`;
  const few = objects < MIN_BOXES ? `, but only ${plural(objects, 'object')} to test it on` : '';
  return `Weakest class: ${label}, ${errors}${few}.`;
}

/** With as many digits as the difference needs. */
function comparison(f1: number, chance: number): string {
  const digits = short(f1) === short(chance) ? 4 : 2;
  return `${f1.toFixed(digits)} against ${chance.toFixed(digits)}`;
}

const short = (score: number) => score.toFixed(2);

const rangeOf = (interval: Ends | null) =>
  interval ? `, 95 % interval ${short(interval.low)} to ${short(interval.high)}` : '';

/** F1 is a mean over classes, so that the errors of all classes together may be more or fewer than it says. */
function errorsOf(counts: ErrorCounts | null, byF1: string): string {
  if (!counts) return `${byF1}, as a mean over the classes`;
  const { found, missed, falseAlarms } = counts;
  return `${plural(missed + falseAlarms, 'error')} for ${plural(found, 'object')} found (${missed} missed, ${plural(falseAlarms, 'false alarm')})`;
}
