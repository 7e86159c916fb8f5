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

/** Reasons that `reasonsText` explains; it names the codes of the others. */
const MAX_EXPLAINED = 3;

/** The reasons in sentences: `There are 5 validation images (FEW_VAL_IMAGES). See also SIZE_MISMATCH.` */
export function reasonsText(reasons: readonly QualityReason[]): string {
  const sentences = reasons
    .slice(0, MAX_EXPLAINED)
    .map(({ code, text }) => `${text.replace(/\.$/, '')} (${code}).`);
  const others = reasons.slice(MAX_EXPLAINED).map(({ code }) => code);
  return [...sentences, ...(others.length > 0 ? [`See also ${others.join(', ')}.`] : [])].join(' ');
}

/** Says in sentences that scores are unreliable, and why; undefined if the quality is another one or unknown. */
export function distrustOf({ quality, qualityReasons = [] }: Partial<DatasetQuality>): string | undefined {
  return quality === 'unreliable'
    ? `Scores of models trained on this dataset are unreliable. ${reasonsText(qualityReasons)}`
    : undefined;
}
