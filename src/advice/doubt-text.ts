import type { DoubtReason, LabelDoubt } from '../contracts/label-doubts.js';
import type { Examined } from './label-review.js';

/** What contradicts the labels. */
export const DETECTOR_NAMES: Readonly<Record<Examined, string>> = {
  'all-images': 'The local detector',
  'test-images': 'The model',
};

/** What a person should ask about a doubtful label. */
export function doubtText(
  {
    reason,
    labelled,
    detected,
    confidence,
  }: Pick<LabelDoubt, 'reason' | 'labelled' | 'detected' | 'confidence'>,
  examined: Examined,
): string {
  const detector = DETECTOR_NAMES[examined];
  const seen = `${detected} with ${Math.round(100 * (confidence ?? 0))} % confidence`;
  switch (reason) {
    case 'box-missing':
      return `Nothing is labelled here. Is it ${detected}? ${detector} detects ${seen}.`;
    case 'class-contradicted':
      return `Labelled ${labelled}. Is it ${detected}? ${detector} detects ${seen}.`;
    case 'box-doubtful':
      return `Labelled ${labelled}. Is one here? ${detector} detects nothing, but finds most of its kind.`;
  }
}

/** The reasons in a list of counts, such as `2 boxes that may be missing`. */
export const DOUBT_NOUNS: Readonly<Record<DoubtReason, readonly [one: string, several: string]>> = {
  'box-missing': ['box that may be missing', 'boxes that may be missing'],
  'class-contradicted': ['class that may be wrong', 'classes that may be wrong'],
  'box-doubtful': ['box that may be wrong', 'boxes that may be wrong'],
};
