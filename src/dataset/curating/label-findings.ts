import { groupBy } from '../../lib/group-by.js';
import { byCodePoint } from '../../lib/order.js';
import { agreeing, plural } from '../../lib/plural.js';
import { floorOfShare } from '../../lib/ratio.js';
import { type Candidate, labelsOf } from '../model/candidates.js';
import type { LabelCounts } from '../model/counts.js';
import type { DatasetFinding } from '../model/findings.js';
import { warning } from '../model/findings.js';
import { placeText } from '../model/place-text.js';
import { SERVICE_LIMITS } from '../model/service-limits.js';
import { DEFAULT_DATASET_SETTINGS } from '../model/settings.js';
import { type Adviser, advice } from './advice.js';
import { outlyingBoxes } from './outliers.js';
import type { BoxesByLabel } from './placed-boxes.js';

/** Minimum training images per class: the developer guide recommends 10 ("Preparing images"). */
const FEW_TRAIN_IMAGES = 10;
/**
 * Minimum validation images per class, and in total: 9, the number that the default settings give to a class at the cap.
 * The defaults are those of the system that Curator replaces, and must not warn about themselves. With fewer, one image
 * changes the recall of a class by more than 11 %. Above that, the 95 % interval of F1 says how certain a score is.
 */
const FEW_TEST_IMAGES = floorOfShare(DEFAULT_DATASET_SETTINGS.perClassCap, DEFAULT_DATASET_SETTINGS.valSplit);
/** Minimum validation boxes per class: as few as images, since an image shows at least one box. */
const FEW_TEST_BOXES = FEW_TEST_IMAGES;
/** Ratio to the boxes of the most frequent class from which a class is reported as rare. */
const IMBALANCE = 10;

interface LabelledDataset {
  readonly labels: readonly LabelCounts[];
  /** The boxes of the used images. */
  readonly boxes: BoxesByLabel;
  /** Number of validation images. */
  readonly valImages: number;
  /** Images of each class in the validation manifest: photos, and with TILES their tiles. */
  readonly testImages: ReadonlyMap<string, number>;
  /** All readable images, after the box rules. */
  readonly candidates: readonly Candidate[];
  readonly adviser: Adviser;
}

/** Warnings about classes and labels: too few, too many, or inconsistent. */
export function labelFindings(labelled: LabelledDataset): DatasetFinding[] {
  return [
    oneLabel(labelled),
    fewTrainImages(labelled),
    fewTestImages(labelled),
    fewTestBoxes(labelled),
    manyTestImages(labelled),
    fewValImages(labelled),
    imbalance(labelled),
    outliers(labelled),
    disagreeingCopies(labelled),
  ].filter((finding) => finding !== undefined);
}

function oneLabel({ labels: [label, ...others] }: LabelledDataset) {
  if (label === undefined || others.length > 0) return undefined;
  return warning(
    'ONE_LABEL',
    1,
    'There is a single class, and Rekognition ignores images without boxes. If other things look similar, label them as a separate class.',
    [label.label],
  );
}

function fewTrainImages({ labels, adviser }: LabelledDataset) {
  const few = labels.filter(({ train }) => train.images < FEW_TRAIN_IMAGES);
  const most = Math.max(...few.map(({ train, val }) => train.images + val.images));
  const tried = few.length > 0 ? adviser.minClassImages('FEW_TRAIN_IMAGES', most + 1) : undefined;
  return warning(
    'FEW_TRAIN_IMAGES',
    few.length,
    `Classes have fewer than ${FEW_TRAIN_IMAGES} training images, which is too few. ${advice(tried, adviser.insteadOf('Label more images of them'))}`,
    few.map(({ label, train }) => `${label}: ${train.images}`),
  );
}

function fewTestImages({ labels, adviser }: LabelledDataset) {
  const few = labels.filter(({ val }) => val.images < FEW_TEST_IMAGES);
  return warning(
    'FEW_TEST_IMAGES',
    few.length,
    {
      headline: `Classes have fewer than ${FEW_TEST_IMAGES} validation images, so their scores are unreliable.`,
      rest: advice(
        few.length > 0 ? adviser.moreValidation('FEW_TEST_IMAGES') : undefined,
        'Add images of them',
      ),
    },
    few.map(({ label, val }) => `${label}: ${val.images}`),
  );
}

function fewTestBoxes({ labels, adviser }: LabelledDataset) {
  const few = labels.filter(({ val }) => val.boxes < FEW_TEST_BOXES);
  return warning(
    'FEW_TEST_BOXES',
    few.length,
    {
      headline: `Classes have fewer than ${FEW_TEST_BOXES} validation boxes, so one box changes their scores by more than 11 %.`,
      rest: advice(
        few.length > 0 ? adviser.moreValidation('FEW_TEST_BOXES') : undefined,
        'Label more of them',
      ),
    },
    few.map(({ label, val }) => `${label}: ${val.boxes}`),
  );
}

function manyTestImages({ testImages, adviser }: LabelledDataset) {
  const maximum = SERVICE_LIMITS.testImagesPerLabel;
  const many = [...testImages].filter(([, images]) => images > maximum).sort(([a], [b]) => byCodePoint(a, b));
  const code = 'MANY_TEST_IMAGES';
  const tried = many.length > 0 ? (adviser.lessValidation(code) ?? adviser.lowerCap(code)) : undefined;
  return warning(
    code,
    many.length,
    `Classes have more than ${maximum} validation images, the maximum of Rekognition per class, so it may refuse the training. ${advice(tried, 'Remove validation images of them')}`,
    many.map(([label, images]) => `${label}: ${images}`),
  );
}

function fewValImages({ valImages, adviser }: LabelledDataset) {
  if (valImages === 0 || valImages >= FEW_TEST_IMAGES) return undefined;
  return warning('FEW_VAL_IMAGES', valImages, {
    headline: `There ${agreeing(valImages, 'is', 'are')} ${plural(valImages, 'validation image')}.`,
    rest: `With fewer than ${FEW_TEST_IMAGES}, one image changes the scores by more than 11 %. ${advice(adviser.moreValidation('FEW_VAL_IMAGES'), 'Add images')}`,
  });
}

function imbalance({ labels, adviser }: LabelledDataset) {
  const most = labels.reduce((max, { train }) => Math.max(max, train.boxes), 0);
  const rare = labels.filter(({ train }) => train.boxes * IMBALANCE <= most);
  return warning(
    'LABELS_IMBALANCED',
    rare.length,
    `Classes have at most a tenth of the training boxes of the most frequent class (${most}). ${advice(rare.length > 0 ? adviser.lowerCap('LABELS_IMBALANCED') : undefined, 'Label more of them')}`,
    rare.map(({ label, train }) => `${label}: ${train.boxes}`),
  );
}

function outliers({ boxes }: LabelledDataset) {
  const outlying = outlyingBoxes(boxes);
  return warning(
    'BOXES_OUTLYING',
    outlying.length,
    'Boxes are much larger, smaller, wider or narrower than other boxes of their class. Check whether they are mistakes.',
    outlying.map(({ path, box, why }) => `${path}: ${box.label} ${placeText(box)}: ${why}`),
  );
}

/** Groups of copies with different classes: a copy is labelled wrongly or incompletely. */
function disagreeingCopies({ candidates }: LabelledDataset) {
  const copies = groupBy(candidates, ({ group }) => group);
  const cases = [...copies.values()].flatMap((images) => {
    if (images.length === 1) return [];
    const byLabels = new Map<string, string>();
    for (const { path, labels } of images.map(named).sort((a, b) => byCodePoint(a.path, b.path))) {
      if (!byLabels.has(labels)) byLabels.set(labels, `${path} (${labels})`);
    }
    return byLabels.size > 1 ? [[...byLabels.values()].join(' / ')] : [];
  });
  return warning(
    'COPIES_DISAGREE',
    cases.length,
    'Copies of one photo have different classes, as when a photo was labelled again. The model learns both. Correct one of the copies or remove it from the COCO file, unless an augmentation moved objects out of the image.',
    cases,
  );
}

const named = (image: Candidate) => ({
  path: image.path,
  labels: [...labelsOf(image)].sort(byCodePoint).join(', ') || 'none',
});
