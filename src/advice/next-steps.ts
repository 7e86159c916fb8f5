import type { ClassCurve } from '../contracts/cross-validation.js';
import type { DoubtReason } from '../contracts/label-doubts.js';
import type { LabelEvaluation } from '../contracts/workflow-io.js';
import { capForAll } from '../dataset/model/cap-for-all.js';
import { addMerge } from '../dataset/model/class-merges.js';
import type { GroupCounts, ImageCounts } from '../dataset/model/counts.js';
import type { DatasetSettings } from '../dataset/model/settings.js';
import { confusionOf } from '../evaluation/confusion.js';
import type { TestImage } from '../evaluation/metrics.js';
import { percentText } from '../lib/percent.js';
import { agreeing, plural } from '../lib/plural.js';
import { DETECTOR_NAMES, DOUBT_NOUNS } from './doubt-text.js';
import { labelMoreStep, photosCertainty } from './label-more-step.js';
import type { LabelReview, ReviewedImage } from './label-review.js';
import { gainOf, type MergeProposal, proposeMerge } from './merge-step.js';

/** Something to do about a model that is not good enough. Texts name settings by their variables. */
export interface NextStep {
  readonly kind: 'merge-classes' | 'use-left-out' | 'label-more' | 'check-labels';
  readonly title: string;
  /** Why it may help. */
  readonly reason: string;
  /** What was measured on this dataset. */
  readonly evidence: string;
  /** How sure it is that it helps. */
  readonly certainty: string;
  /** Settings to change in the next run; null if the labels have to be changed instead. */
  readonly change: Pick<Partial<DatasetSettings>, 'perClassCap' | 'mergeClasses'> | null;
}

/** What is known about a trained model and its dataset version. */
export interface StepInput {
  /** The evaluation of the classes at their own thresholds. */
  readonly classes: readonly LabelEvaluation[];
  /** The test images with all detections, and the photo that each shows. */
  readonly tested: readonly (TestImage & { readonly photo: string })[];
  /** The same images, judged at the thresholds of the classes. */
  readonly judged: readonly ReviewedImage[];
  readonly review: LabelReview;
  /** Counts of the dataset version; null if its report cannot be read. */
  readonly dataset: DatasetCounts | null;
  /** The learning curves of the dataset version; empty if it was not cross-validated. */
  readonly curves: readonly ClassCurve[];
}

/** Counts and settings of a dataset version. */
export interface DatasetCounts {
  readonly images: ImageCounts;
  readonly groups: GroupCounts;
  readonly labelsFound: readonly { readonly label: string; readonly images: number }[];
  readonly settings: Pick<DatasetSettings, 'enableBalance'> & Partial<Pick<DatasetSettings, 'mergeClasses'>>;
}

/** The changed settings by their variables, such as `PER_CLASS_CAP=240`. */
export function changeText({ perClassCap, mergeClasses }: NonNullable<NextStep['change']>): string {
  return [
    ...(perClassCap === undefined ? [] : [`PER_CLASS_CAP=${perClassCap}`]),
    ...(mergeClasses === undefined ? [] : [`MERGE_CLASSES=${mergeClasses}`]),
  ].join(' and ');
}

/** Minimum unused photos as a share of the used ones. */
const NOTABLE_PHOTOS = 0.1;

/**
 * Chooses at most three things to do next. Each is offered only if it was measured on this dataset. More photos are asked
 * for only once the labelled ones are used.
 */
export function nextSteps(input: StepInput): NextStep[] {
  const more = useLeftOut(input) ?? labelMoreStep(input.curves);
  return [more, mergeStep(input), checkLabels(input)].filter((step) => step !== undefined);
}

function useLeftOut({ dataset, curves }: StepInput): NextStep | undefined {
  const { images, groups, labelsFound, settings } = dataset ?? {};
  const photos = images?.unusedPhotos ?? 0;
  if (!images || !groups || !settings?.enableBalance) return undefined;
  const usedPhotos = images.used - groups.images + groups.groups;
  if (photos < NOTABLE_PHOTOS * usedPhotos) return undefined;
  const perClassCap = capForAll(labelsFound ?? []);
  const { balancedAway: left } = images.left;
  return {
    kind: 'use-left-out',
    title: `Use the ${plural(left, 'image')} that class balancing left out`,
    reason: 'A model learns most from photos that it has not seen yet, in no copy.',
    evidence: `The ${plural(left, 'image')} show ${plural(photos, 'photo')} of which no copy is used: ${percentText(photos, usedPhotos)} more than the ${usedPhotos} used ones.`,
    certainty: photosCertainty(curves),
    change: { perClassCap },
  };
}

function mergeStep({ classes, tested, judged, dataset }: StepInput): NextStep | undefined {
  const matrix = confusionOf(
    judged,
    classes.map(({ label }) => label),
  );
  const f1Of = new Map(classes.map(({ label, f1 }) => [label, f1]));
  const proposal = proposeMerge(tested, matrix, f1Of);
  if (!proposal) return undefined;
  const { labels, objects, confused, apart, merged, interval } = proposal;
  const [first, second] = labels;
  const mergeClasses = addMerge(dataset?.settings.mergeClasses ?? '', labels, `${first}-or-${second}`);
  const range = interval ? ` (95 % interval ${short(interval.low)} to ${short(interval.high)})` : '';
  return {
    kind: 'merge-classes',
    title: `Merge ${first} and ${second}, if their difference does not matter to you`,
    reason: `The model takes them for each other: on their ${plural(objects, 'object')} ${agreeing(confused, 'lies', 'lie')} ${plural(confused, 'detection')} of the other class.`,
    evidence: `Counted as one class, the same detections have F1 ${short(merged)}${range}. Apart, ${first} has ${short(apart[0])} and ${second} ${short(apart[1])}.`,
    certainty: certaintyOf(proposal),
    change: { mergeClasses },
  };
}

function certaintyOf({ apart, merged, interval }: MergeProposal): string {
  const mean = merged - gainOf({ apart, merged });
  const isSure = interval !== null && interval.low > mean;
  const exact =
    'The counts are exact for this model. A model that is trained on the merged class may differ.';
  return isSure
    ? `Likely. ${exact}`
    : `Unsure: with other test images, F1 could be as low as the mean of both, ${short(mean)}. ${exact}`;
}

function checkLabels({ review }: StepInput): NextStep | undefined {
  const { doubts, total, examined } = review;
  if (doubts.length === 0) return undefined;
  const counts = (Object.keys(DOUBT_NOUNS) as DoubtReason[]).flatMap((reason) => {
    const count = doubts.filter((doubt) => doubt.reason === reason).length;
    const [one, several] = DOUBT_NOUNS[reason];
    return count === 0 ? [] : [`${count} ${agreeing(count, one, several)}`];
  });
  const images = new Set(doubts.map(({ key }) => key)).size;
  const most = total > doubts.length ? ` They are the most doubtful of ${total}.` : '';
  return {
    kind: 'check-labels',
    title: `Check ${plural(doubts.length, 'label')} in ${plural(images, 'image')}`,
    reason: 'Labels that are missing or wrong make a model worse, and its figures too.',
    evidence: `${DETECTOR_NAMES[examined]} contradicts ${agreeing(doubts.length, 'this label', 'these labels')} with a confidence at which it is mostly right, or misses an object though it finds most objects of its class, size and position: ${counts.join(', ')}.${most}`,
    certainty: reviewCertainty(review),
    change: null,
  };
}

function reviewCertainty({ examined, images }: LabelReview): string {
  return examined === 'all-images'
    ? `Unsure for each label: the detector may be wrong. All ${plural(images, 'image')} were examined, each by a local detector that was fitted on other photos.`
    : `Unsure for each label: the model may be wrong. Only the ${plural(images, 'test image')} could be examined; the training images have no detections.`;
}

const short = (score: number) => score.toFixed(2);
