import { plural } from '../../lib/plural.js';
import { asMessage, MAX_MESSAGE } from './message-length.js';

/** The results of the dataset check, from worst to best. */
export const QUALITIES = ['unfit', 'unreliable', 'good'] as const;

/**
 * The result of the dataset check: `unfit` cannot be trained; `unreliable` can be trained, but the scores of its models can
 * be wrong or depend on chance; `good` has neither problem.
 */
export type Quality = (typeof QUALITIES)[number];

/** A finding that decided the quality of a dataset. */
export interface QualityReason {
  /** The code of the finding. */
  readonly code: string;
  /** One or more sentences that say what is wrong. */
  readonly text: string;
}

/** The quality of a dataset with the findings that decided it. */
export interface DatasetQuality {
  readonly quality: Quality;
  /** Causes of others first, then the most harmful. Errors if `unfit`, warnings if `unreliable`, none if `good`. */
  readonly qualityReasons: readonly QualityReason[];
}

/** The quality of a result, a card or a run as fields; none if it was created by an earlier version. */
export function qualityFields({
  quality,
  qualityReasons,
}: Partial<DatasetQuality>): DatasetQuality | Record<never, never> {
  return quality === undefined || qualityReasons === undefined ? {} : { quality, qualityReasons };
}

/** Maximum reasons that `reasonsText` explains. */
const MAX_EXPLAINED = 3;

/**
 * The reasons in sentences: `There are 5 validation images (FEW_VAL_IMAGES). See also SIZE_MISMATCH.` Explains the first
 * reason, and as many others as the length allows; names the codes of the rest.
 * @param limit maximum characters
 */
export function reasonsText(reasons: readonly QualityReason[], limit = MAX_MESSAGE): string {
  const texts = [
    ...countsDown(Math.min(MAX_EXPLAINED, reasons.length)).map((explained) =>
      textOf(reasons, explained, reasons.length - explained),
    ),
    ...countsDown(reasons.length - 2).map((named) => textOf(reasons, 1, named)),
  ];
  const fitting = texts.find((text) => text.length <= limit);
  if (fitting !== undefined) return fitting;
  const [first, ...others] = reasons;
  if (!first) return '';
  const end = `${codeOf(first)}${seeAlso(others, 0)}`;
  return `${asMessage(withoutPoint(first), [], limit - end.length)}${end}`;
}

/** The numbers from `from` to 1. */
const countsDown = (from: number) => Array.from({ length: Math.max(0, from) }, (_, i) => from - i);

function textOf(reasons: readonly QualityReason[], explained: number, named: number): string {
  const sentences = reasons.slice(0, explained).map((reason) => withoutPoint(reason) + codeOf(reason));
  return sentences.join(' ') + seeAlso(reasons.slice(explained), named);
}

const withoutPoint = ({ text }: QualityReason) => text.replace(/\.$/, '');
const codeOf = ({ code }: QualityReason) => ` (${code}).`;

/** The codes of reasons that are not explained, the first ones if there are too many. */
function seeAlso(others: readonly QualityReason[], named: number): string {
  if (others.length === 0) return '';
  const left = others.length - named;
  const codes = others.slice(0, named).map(({ code }) => code);
  if (left === 0) return ` See also ${codes.join(', ')}.`;
  const more = plural(left, 'other finding');
  return named === 0 ? ` See also ${more}.` : ` See also ${codes.join(', ')} and ${more}.`;
}

const DISTRUST = 'Scores of models trained on this dataset are unreliable. ';

/** Says in sentences that scores are unreliable, and why; undefined if the quality is another one or unknown. */
export function distrustOf({ quality, qualityReasons = [] }: Partial<DatasetQuality>): string | undefined {
  return quality === 'unreliable'
    ? `${DISTRUST}${reasonsText(qualityReasons, MAX_MESSAGE - DISTRUST.length)}`
    : undefined;
}
