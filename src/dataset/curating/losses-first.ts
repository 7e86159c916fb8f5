import { percentText } from '../../lib/percent.js';
import { agreeing, plural } from '../../lib/plural.js';
import type { BoxedImages } from '../boxes/box-images.js';
import type { DatasetFinding } from '../model/findings.js';
import { lostAnnotations } from './loss-findings.js';
import { remediesFor } from './refusals.js';

/** Share of boxes in wrong places above which the other boxes of a dataset are not to be trusted either. */
const MANY_MISPLACED = 0.2;

/** Findings about COCO files that put boxes on wrong images, into wrong classes or on wrong places. */
const WRONG_RECORDS: ReadonlySet<string> = new Set([
  'IMAGE_IDS_SHIFTED',
  'CATEGORY_IDS_SHIFTED',
  'FILES_SHIFTED',
  'IMAGE_NAMES_CONTRADICT',
  'CATEGORY_NAMES_CONTRADICT',
  'BOX_MEMBERS_CONTRADICT',
]);
/** What they count, as a share of all annotations, above which they matter more than a lack of images. */
const MANY_WRONG_RECORDS = 0.05;

/** Losses that may be the reason why classes have too few images. They come before advice about settings. */
export interface StrongLosses {
  /** The findings that report them. */
  readonly codes: readonly string[];
  /** What was lost and what to do, in sentences. */
  readonly text: string;
  /** Whether boxes are in wrong places, so that a model would be trained on a wrong remainder. */
  readonly isMisplaced: boolean;
  /** Whether records contradict each other, which comes before all that follows from them. */
  readonly isFirst: boolean;
}

/**
 * The strong losses of a dataset; undefined if it has none.
 * @param lost.found number of all annotations of the COCO files
 * @param lost.dropped number of dropped annotations by reason
 * @param lost.findings findings about the COCO files
 */
export function strongLosses(lost: {
  readonly found: number;
  readonly dropped: Readonly<Record<string, number>>;
  readonly boxed: Pick<BoxedImages, 'conventions'>;
  readonly findings: readonly DatasetFinding[];
}): StrongLosses | undefined {
  const { found, boxed } = lost;
  // The largest boxes of an image are left, so that classes lose few images.
  const { 'over-max-boxes': _cut, ...dropped } = lost.dropped;
  const { beyond, other } = boxed.conventions;
  const inOther = other.reduce((sum, { boxes }) => sum + boxes, 0);
  const wrong = lost.findings.filter(
    ({ code, count }) => WRONG_RECORDS.has(code) && count > MANY_WRONG_RECORDS * found,
  );
  const isMisplaced = wrong.length > 0 || beyond.boxes + inOther > MANY_MISPLACED * found;
  const lostOnes = lostAnnotations(found, dropped);
  if (!isMisplaced && !lostOnes) return undefined;
  const share = (count: number) =>
    `${count} of ${plural(found, 'annotation')} (${percentText(count, found)})`;
  const [first] = wrong;
  if (first) {
    const text = `${first.headline ?? first.message} Fix this first.`;
    return { codes: wrong.map(({ code }) => code), text, isMisplaced, isFirst: true };
  }
  const remedies = remediesFor(dropped);
  const sentences = [
    ...(lostOnes
      ? [`${share(lostOnes.count)} ${agreeing(lostOnes.count, 'was', 'were')} lost: ${lostOnes.listed}.`]
      : []),
    ...(beyond.boxes > 0 && isMisplaced
      ? [`${share(beyond.boxes)} ${agreeing(beyond.boxes, 'reaches', 'reach')} beyond their image.`]
      : []),
    ...(inOther > 0 && isMisplaced
      ? [`${share(inOther)} ${agreeing(inOther, 'is', 'are')} probably in another convention.`]
      : []),
    ...(remedies.length > 0 ? remedies : ['Fix this first.']),
  ];
  return {
    codes: [
      ...(lostOnes ? ['MANY_BOXES_LOST'] : []),
      ...(beyond.boxes > 0 && isMisplaced ? ['BOXES_BEYOND_IMAGE'] : []),
      ...(inOther > 0 && isMisplaced ? ['BOXES_IN_OTHER_CONVENTION'] : []),
    ],
    text: sentences.join(' '),
    isMisplaced,
    isFirst: false,
  };
}
