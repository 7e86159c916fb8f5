import { groupBy } from '../../lib/group-by.js';
import { byCodePoint } from '../../lib/order.js';
import { type Candidate, labelsOf } from '../model/candidates.js';
import type { LabelCounts } from '../model/counts.js';
import type { DatasetFinding } from '../model/findings.js';
import { warning } from '../model/findings.js';
import type { CuratedImage } from '../model/types.js';
import { outlyingBoxes } from './outliers.js';

/** Developer guide, "Preparing images": fewer images of a class teach little. */
const FEW_TRAIN_IMAGES = 10;
/** Test images of a class below which its figures say little. */
const FEW_TEST_IMAGES = 10;
/** The same of its boxes: one found more or less moves their recall by a tenth. */
const FEW_TEST_BOXES = 10;
/** Test images in all below which the 95 % interval of F1 is too wide to compare models by. */
const FEW_VAL_IMAGES = 100;
/** A class with a tenth of another's boxes is learnt as the exception. */
const IMBALANCE = 10;

interface Labelled {
  readonly labels: readonly LabelCounts[];
  readonly used: readonly CuratedImage[];
  /** Images of val. */
  readonly valImages: number;
  /** All images that can be used, after box rules. */
  readonly candidates: readonly Candidate[];
  /** Annotations of a category that isn't defined. */
  readonly undefinedLabels: number;
}

/** What a person should know of classes and labels: the kind of findings that dataset validators make. All warnings. */
export function labelFindings(labelled: Labelled): DatasetFinding[] {
  return [
    undefinedLabels(labelled),
    oneLabel(labelled),
    fewTrainImages(labelled),
    fewTestImages(labelled),
    fewTestBoxes(labelled),
    fewValImages(labelled),
    imbalance(labelled),
    outliers(labelled),
    disagreeingCopies(labelled),
  ].filter((finding) => finding !== undefined);
}

function undefinedLabels({ undefinedLabels: count }: Labelled) {
  return warning(
    'LABELS_UNDEFINED',
    count,
    'Annotations name a category that their COCO file does not define, and are left out. Define it, or export again.',
  );
}

function oneLabel({ labels: [label, ...others] }: Labelled) {
  if (label === undefined || others.length > 0) return undefined;
  return warning(
    'ONE_LABEL',
    1,
    'There is a single class, and images without it teach nothing, since the service leaves them out. If other things look like it, label them as a class of their own.',
    [label.label],
  );
}

function fewTrainImages({ labels }: Labelled) {
  const few = labels.filter(({ train }) => train.images < FEW_TRAIN_IMAGES);
  return warning(
    'FEW_TRAIN_IMAGES',
    few.length,
    `Classes are on fewer than ${FEW_TRAIN_IMAGES} training images, too few to learn from. Label more images of them, or raise MIN_CLASS_IMAGES to leave them out.`,
    few.map(({ label, train }) => `${label}: ${train.images}`),
  );
}

function fewTestImages({ labels }: Labelled) {
  const few = labels.filter(({ val }) => val.images < FEW_TEST_IMAGES);
  return warning(
    'FEW_TEST_IMAGES',
    few.length,
    `Classes are on fewer than ${FEW_TEST_IMAGES} test images; their figures will say little. Add images or raise VAL_SPLIT.`,
    few.map(({ label, val }) => `${label}: ${val.images}`),
  );
}

function fewTestBoxes({ labels }: Labelled) {
  const few = labels.filter(({ val }) => val.boxes < FEW_TEST_BOXES);
  return warning(
    'FEW_TEST_BOXES',
    few.length,
    `Classes have fewer than ${FEW_TEST_BOXES} boxes in val, so that one more or less found moves their figures by a tenth. Label more of them, or raise VAL_SPLIT.`,
    few.map(({ label, val }) => `${label}: ${val.boxes}`),
  );
}

function fewValImages({ valImages }: Labelled) {
  if (valImages === 0 || valImages >= FEW_VAL_IMAGES) return undefined;
  return warning(
    'FEW_VAL_IMAGES',
    valImages,
    `val has ${valImages} images. Under ${FEW_VAL_IMAGES}, the evaluation's figures are rough: look at their interval. Add images or raise VAL_SPLIT.`,
  );
}

function imbalance({ labels }: Labelled) {
  const most = labels.reduce((max, { train }) => Math.max(max, train.boxes), 0);
  const rare = labels.filter(({ train }) => train.boxes * IMBALANCE <= most);
  return warning(
    'LABELS_IMBALANCED',
    rare.length,
    `Classes have at most a tenth of the boxes in train that the most frequent class has (${most}). Label more of them, or lower PER_CLASS_CAP.`,
    rare.map(({ label, train }) => `${label}: ${train.boxes}`),
  );
}

function outliers({ used }: Labelled) {
  const boxes = outlyingBoxes(used);
  return warning(
    'BOXES_OUTLYING',
    boxes.length,
    'Boxes are far larger, smaller, flatter or steeper than others of their class. Look whether they are mistakes.',
    boxes.map(
      ({ path, box, why }) =>
        `${path}: ${box.label} ${box.width}x${box.height} at ${box.left},${box.top}: ${why}`,
    ),
  );
}

/** Copies that show a class each of its own, or where one has none: one of them is labelled wrong, or not to the end. */
function disagreeingCopies({ candidates }: Labelled) {
  const copies = groupBy(candidates, ({ group }) => group);
  const cases = [...copies.values()].flatMap((images) => {
    const byLabels = new Map<string, string>();
    for (const { path, labels } of images.map(named).sort((a, b) => byCodePoint(a.path, b.path))) {
      if (!byLabels.has(labels)) byLabels.set(labels, `${path} (${labels})`);
    }
    return byLabels.size > 1 ? [[...byLabels.values()].join(' / ')] : [];
  });
  return warning(
    'COPIES_DISAGREE',
    cases.length,
    'Copies of one photo have different classes. Label them alike, unless an augmentation moved the rest out of the picture.',
    cases,
  );
}

const named = (image: Candidate) => ({
  path: image.path,
  labels: [...labelsOf(image)].sort(byCodePoint).join(', ') || 'none',
});
