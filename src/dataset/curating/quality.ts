import type { DatasetFinding } from '../model/findings.js';
import { sortByHarm } from '../model/harm.js';
import type { CurationFacts } from './curation.js';

/**
 * The quality of a dataset: `unfit` cannot be trained; `unreliable` can be trained, but the scores of its model cannot
 * be trusted; `good` has neither problem.
 */
export type Quality = 'unfit' | 'unreliable' | 'good';

type Counts = Pick<CurationFacts, 'images' | 'annotations' | 'labels'>;

/** Validation images below which no score can be trusted: one image changes it by more than 3 %. */
const MIN_VAL_IMAGES = 30;

/** Findings that make scores unreliable if more than the given share of what they count is affected. */
const DECISIVE: Readonly<
  Record<string, { readonly of: (counts: Counts) => number; readonly share: number }>
> = {
  SPLIT_LEAKS: { of: ({ images }) => images.val, share: 0.05 },
  FEW_TEST_IMAGES: { of: ({ labels }) => labels.length, share: 0.2 },
  FEW_TEST_BOXES: { of: ({ labels }) => labels.length, share: 0.2 },
  BOXES_WHOLE_IMAGE: { of: ({ annotations }) => annotations.used, share: 0.2 },
  BOXES_MIXED: { of: ({ labels }) => labels.length, share: 0.2 },
  BOXES_IN_OTHER_CONVENTION: { of: ({ annotations }) => annotations.used, share: 0.05 },
  // Reported only above a share of its own.
  MANY_BOXES_LOST: { of: ({ annotations }) => annotations.found, share: 0 },
  BOXES_DISAGREE_WITH_SHAPES: { of: ({ annotations }) => annotations.used, share: 0.2 },
  ROTATIONS_NOT_APPLIED: { of: ({ annotations }) => annotations.used, share: 0.2 },
  BOXES_BEYOND_IMAGE: { of: ({ annotations }) => annotations.used, share: 0.2 },
  SIZE_MISMATCH: { of: ({ images }) => images.used, share: 0.05 },
  SIZES_AMBIGUOUS: { of: ({ images }) => images.used, share: 0.05 },
  EXIF_BOXES_AMBIGUOUS: { of: ({ images }) => images.used, share: 0.05 },
};

/** The findings for which scores cannot be trusted, in the order of `findings`. */
function untrustworthy(findings: readonly DatasetFinding[], counts: Counts): DatasetFinding[] {
  return findings.filter(({ code, count }) => {
    if (code === 'FEW_VAL_IMAGES') return count < MIN_VAL_IMAGES;
    const limit = DECISIVE[code];
    return limit !== undefined && count > limit.share * limit.of(counts);
  });
}

/** The quality of a dataset with a sentence about it. */
export function qualityOf(input: {
  readonly dataset: string;
  readonly refusal: string | null;
  readonly findings: readonly DatasetFinding[];
  readonly counts: Counts;
}): { readonly quality: Quality; readonly message: string } {
  const { dataset, refusal, findings, counts } = input;
  if (refusal !== null) return { quality: 'unfit', message: refusal };
  const doubts = doubtsOf(findings, counts);
  return doubts === undefined
    ? { quality: 'good', message: `${dataset} is fit for training.` }
    : {
        quality: 'unreliable',
        message: `${dataset} is fit for training, but the scores of its model cannot be trusted. ${doubts}`,
      };
}

/** Findings that the summary of a dataset explains; the others are in the list of findings. */
const MAX_EXPLAINED = 3;

/** Sentences that say why scores cannot be trusted, the most harmful first; undefined if they can. */
export function doubtsOf(findings: readonly DatasetFinding[], counts: Counts): string | undefined {
  const found = sortByHarm(untrustworthy(findings, counts));
  if (found.length === 0) return undefined;
  const sentences = found
    .slice(0, MAX_EXPLAINED)
    .map(({ code, message }) => `${firstSentence(message).replace(/\.$/, '')} (${code}).`);
  const others = found.slice(MAX_EXPLAINED).map(({ code }) => code);
  return [...sentences, ...(others.length > 0 ? [`See also ${others.join(', ')}.`] : [])].join(' ');
}

const firstSentence = (text: string) => /^.*?\.(?= [A-Z]|$)/s.exec(text)?.[0] ?? text;
