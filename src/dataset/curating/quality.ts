import type { DatasetFinding } from '../model/findings.js';
import { sortByHarm } from '../model/harm.js';
import { MAX_MESSAGE } from '../model/message-length.js';
import { type DatasetQuality, type QualityReason, reasonsText } from '../model/quality.js';
import type { CurationFacts } from './curation.js';

type Counts = Pick<CurationFacts, 'images' | 'annotations' | 'labels'>;

/** What a finding must exceed to make scores unreliable. */
interface Limit {
  /** The number that the finding's count is a part of. */
  readonly of: (counts: Counts) => number;
  readonly share: number;
  /** Whether the count is too large even below that share. */
  readonly isMany?: (count: number, counts: Counts) => boolean;
}

const usedImages = ({ images }: Counts) => images.used;
const foundImages = ({ images }: Counts) => images.found;
const usedBoxes = ({ annotations }: Counts) => annotations.used;
const foundBoxes = ({ annotations }: Counts) => annotations.found;
const classes = ({ labels }: Counts) => labels.length;

/** Share of all boxes, and boxes that are cut at the edge, from which images, sizes or the order of numbers are wrong. */
const MANY_BEYOND = 0.08;
const MIN_CUT = 10;

/** Whether boxes beyond their images are more than annotators draw over the edge; those that are dropped count as losses. */
const areManyCut: NonNullable<Limit['isMany']> = (count, { annotations: { found, dropped } }) =>
  count > MANY_BEYOND * found && count - (dropped.outside ?? 0) >= MIN_CUT;

/** Findings that make scores unreliable if more than the given share of what they count is affected. */
const DECISIVE: Readonly<Record<string, Limit>> = {
  SPLIT_LEAKS: { of: ({ images }) => images.val, share: 0.05 },
  FEW_TEST_IMAGES: { of: classes, share: 0.2 },
  FEW_TEST_BOXES: { of: classes, share: 0.2 },
  BOXES_WHOLE_IMAGE: { of: usedBoxes, share: 0.2 },
  BOXES_DOUBLED: { of: usedBoxes, share: 0.2 },
  BOXES_ON_ONE_PLACE: { of: usedBoxes, share: 0.2 },
  BOXES_IN_CORNER: { of: usedBoxes, share: 0.2 },
  COPIES_BOXES_DISAGREE: { of: foundImages, share: 0.05 },
  BOXES_NOT_MOVED: { of: foundImages, share: 0.05 },
  BOXES_MIXED: { of: classes, share: 0.2 },
  IMAGE_IDS_SHIFTED: { of: foundBoxes, share: 0.05 },
  CATEGORY_IDS_SHIFTED: { of: foundBoxes, share: 0.05 },
  IMAGE_NAMES_CONTRADICT: { of: foundBoxes, share: 0.05 },
  CATEGORY_NAMES_CONTRADICT: { of: foundBoxes, share: 0.05 },
  BOX_MEMBERS_CONTRADICT: { of: foundBoxes, share: 0.2 },
  FILES_SHIFTED: { of: foundImages, share: 0.05 },
  BOXES_IN_OTHER_CONVENTION: { of: usedBoxes, share: 0.05 },
  // Reported only if it concerns the whole dataset.
  FEW_VAL_IMAGES: { of: ({ images }) => images.val, share: 0 },
  MANY_BOXES_LOST: { of: foundBoxes, share: 0 },
  // More than a fifth of the labels, which the found boxes are not a part of.
  COCO_IMAGES_ABSENT: { of: foundBoxes, share: 0.25 },
  MANY_IMAGES_EMPTIED: { of: foundImages, share: 0 },
  MANY_NEVER_ANNOTATED: { of: foundImages, share: 0 },
  MANY_OF_DROPPED_CLASSES: { of: foundBoxes, share: 0 },
  BOXES_DELETED: { of: foundBoxes, share: 0.2 },
  BOXES_REPEATED: { of: foundBoxes, share: 0.2 },
  IMAGES_REJECTED: { of: foundImages, share: 0.2 },
  COCO_FILES_UNLABELLED: { of: foundImages, share: 0.2 },
  SPLITS_UNLABELLED: { of: foundImages, share: 0 },
  MANY_IMAGES_UNLISTED: { of: foundImages, share: 0 },
  LABELS_ALIKE_DROPPED: { of: foundImages, share: 0.05 },
  BOXES_DISAGREE_WITH_SHAPES: { of: usedBoxes, share: 0.2 },
  ROTATIONS_NOT_APPLIED: { of: usedBoxes, share: 0.2 },
  BOXES_BEYOND_IMAGE: { of: usedBoxes, share: 0.2, isMany: areManyCut },
  COCO_FILES_DISAGREE: { of: usedImages, share: 0.05 },
  // Only some of the files are compared.
  LABEL_FILES_DISAGREE: { of: foundImages, share: 0 },
  LOW_CONTRAST_IMAGES: { of: foundImages, share: 0.5 },
  BOXES_PREDICTED: { of: foundBoxes, share: 0.2 },
  RECORDS_EXCHANGED: { of: usedImages, share: 0.05 },
  IMAGES_NOT_ROTATED: { of: usedImages, share: 0.05 },
  IMAGES_OVERWRITTEN: { of: usedImages, share: 0.05 },
  SIZE_MISMATCH: { of: usedImages, share: 0.05 },
  SIZES_AMBIGUOUS: { of: usedImages, share: 0.05 },
  EXIF_BOXES_AMBIGUOUS: { of: usedImages, share: 0.05 },
};

/** Findings that can be the cause of too few images or boxes. They come before what follows from them. */
const CAUSES: ReadonlySet<string> = new Set([
  'BOXES_BEYOND_IMAGE',
  'BOXES_IN_OTHER_CONVENTION',
  'CATEGORY_IDS_SHIFTED',
  'CATEGORY_NAMES_CONTRADICT',
  'FILES_SHIFTED',
  'IMAGE_IDS_SHIFTED',
  'IMAGE_NAMES_CONTRADICT',
  'MANY_BOXES_LOST',
  'RECORDS_EXCHANGED',
]);

/** The findings that make scores unreliable: causes first, then the most harmful. */
function decisive(findings: readonly DatasetFinding[], counts: Counts): DatasetFinding[] {
  const found = findings.filter(({ code, count }) => {
    const limit = DECISIVE[code];
    if (limit === undefined) return false;
    return count > limit.share * limit.of(counts) || limit.isMany?.(count, counts) === true;
  });
  const sorted = sortByHarm(found);
  const isCause = ({ code }: DatasetFinding) => CAUSES.has(code);
  return [...sorted.filter(isCause), ...sorted.filter((one) => !isCause(one))];
}

/** The quality of a dataset with sentences about it. */
export function qualityOf(input: {
  readonly dataset: string;
  readonly refusal: string | null;
  readonly findings: readonly DatasetFinding[];
  readonly counts: Counts;
}): DatasetQuality & { readonly message: string } {
  const { dataset, refusal, findings, counts } = input;
  if (refusal !== null) return { ...unfit(findings), message: refusal };
  const qualityReasons = reasonsOf(decisive(findings, counts));
  if (qualityReasons.length === 0) {
    return { quality: 'good', qualityReasons, message: `${dataset} is fit for training.` };
  }
  const verdict = `${dataset} is fit for training, but scores of its models are unreliable. `;
  const message = verdict + reasonsText(qualityReasons, MAX_MESSAGE - verdict.length);
  return { quality: 'unreliable', qualityReasons, message };
}

/** The quality of a dataset that was refused, by its errors. */
export function unfit(findings: readonly DatasetFinding[]): DatasetQuality {
  const errors = findings.filter(({ severity }) => severity === 'error');
  return { quality: 'unfit', qualityReasons: reasonsOf(errors) };
}

const reasonsOf = (findings: readonly DatasetFinding[]): QualityReason[] =>
  findings.map(({ code, headline, message }) => ({ code, text: headline ?? message }));
