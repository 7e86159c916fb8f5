import { percentText } from '../../lib/percent.js';
import { agreeing, plural } from '../../lib/plural.js';
import { exchangedRecordsFinding } from '../boxes/exchanged-records.js';
import { lostRotationFinding } from '../boxes/lost-rotations.js';
import { labelsOf } from '../model/candidates.js';
import { capForAll } from '../model/cap-for-all.js';
import type { DatasetFinding } from '../model/findings.js';
import { warning } from '../model/findings.js';
import { describeRejected } from '../model/rejected.js';
import type { Side } from '../model/types.js';
import { leaksOf } from '../splitting/exported-split.js';
import { advice } from './advice.js';
import { alikeDropped } from './alike-classes.js';
import type { CurationFacts } from './curation.js';
import type { TallyFacts } from './tally-facts.js';

/** Share of excluded or unlabelled images above which a finding is reported. */
const NOTABLE_SHARE = 0.2;

/** Maximum share of different photos among the images for a finding. */
const FEW_PHOTOS = 0.5;
/** Minimum images for that finding. */
const MIN_FILES = 10;

type Counts = Pick<CurationFacts, 'images' | 'droppedClasses' | 'labelsFound'>;

/** Warnings about what curating dropped or changed. Errors are thrown earlier, as refusals. */
export function curationFindings(tally: TallyFacts, counts: Counts): DatasetFinding[] {
  const { images, droppedClasses } = counts;
  return [
    balanceLeftOut(tally, counts),
    neverAnnotated(images),
    rejectedImages(tally),
    classesDropped(tally),
    classesUntrained(tally),
    alikeDropped(tally, droppedClasses),
    classesOfCopies(tally),
    partlyUnlabelled(tally, droppedClasses),
    cutImages(tally),
    mismatched(tally),
    exchangedRecordsFinding(tally.boxed.exchangedRecords),
    lostRotationFinding(tally.boxed.rotationsLost),
    splitLeaks(tally),
    exportSplitLeaks(tally),
    fewPhotos(tally),
    groupByUnmatched(tally),
    largeGroups(tally),
    smallVal(tally),
  ].filter((finding) => finding !== undefined);
}

function balanceLeftOut({ adviser, droppedClasses }: TallyFacts, { images, labelsFound }: Counts) {
  const left = images.left.balancedAway + images.left.emptiedByClassDrop;
  const labelled = images.used + left;
  if (images.used === 0 || left <= NOTABLE_SHARE * labelled) return undefined;
  const code = 'BALANCE_LEFT_OUT';
  const smallest = Math.min(...droppedClasses.map((one) => one.images));
  const tried = [
    adviser.raiseCap(code, capForAll(labelsFound)),
    adviser.minClassImages(code, smallest),
    adviser.noBalance(code),
  ];
  const remedies = tried.filter((remedy) => remedy !== undefined);
  return warning(
    code,
    left,
    `Class balancing excluded ${left} of ${plural(labelled, 'labelled image')} (${percentText(left, labelled)}).${remedies.length > 0 ? ` To keep them, set ${remedies.join(' or ')}.` : ''}`,
  );
}

function neverAnnotated({ found, left: { neverAnnotated: never } }: CurationFacts['images']) {
  if (never <= NOTABLE_SHARE * found) return undefined;
  return warning('MANY_NEVER_ANNOTATED', never, {
    headline: `${never} of ${plural(found, 'image')} (${percentText(never, found)}) ${agreeing(never, 'was', 'were')} never annotated; Rekognition ignores such images, so the scores do not show what a model finds in them.`,
    rest: 'Check whether labelling is finished.',
  });
}

function rejectedImages({ rejected }: TallyFacts) {
  return warning(
    'IMAGES_REJECTED',
    rejected.length,
    {
      headline: 'Images cannot be used; each is listed with its reason.',
      rest: 'Fix or replace them.',
    },
    rejected.map(describeRejected),
  );
}

function classesDropped({ droppedClasses: classes, settings, adviser }: TallyFacts) {
  const smallest = Math.min(...classes.map(({ images }) => images));
  const tried = classes.length > 0 ? adviser.minClassImages('CLASSES_DROPPED', smallest) : undefined;
  return warning(
    'CLASSES_DROPPED',
    classes.length,
    `Classes found in fewer than MIN_CLASS_IMAGES=${settings.minClassImages} images were dropped. ${advice(tried, adviser.insteadOf('Label more images of them'))}`,
    classes.map(({ label, images }) => `${label}: ${plural(images, 'image')}`),
  );
}

function classesUntrained({ untrainedClasses: classes, adviser }: TallyFacts) {
  const tried = classes.length > 0 ? adviser.ownSplit('CLASSES_ONLY_IN_VAL') : undefined;
  return warning(
    'CLASSES_ONLY_IN_VAL',
    classes.length,
    `Classes occur in the valid and test folders of the export but not in its train folder, so they were dropped. ${advice(tried, 'Export with another split')}`,
    classes.map(({ label, images }) => `${label}: ${plural(images, 'image')}`),
  );
}

/** A model learns little more from copies than from the photo itself. */
function classesOfCopies({ boxed: { candidates }, settings: { enableBalance, minClassImages } }: TallyFacts) {
  if (!enableBalance) return undefined;
  const photos = new Map<string, { images: number; readonly groups: Set<string> }>();
  for (const image of candidates) {
    for (const label of labelsOf(image)) {
      const seen = photos.get(label) ?? { images: 0, groups: new Set() };
      photos.set(label, seen);
      seen.images += 1;
      // Enough photos are no finding, however many there are.
      if (seen.groups.size < minClassImages) seen.groups.add(image.group);
    }
  }
  const carried = [...photos].filter(
    ([, { images, groups }]) => images >= minClassImages && groups.size < minClassImages,
  );
  return warning(
    'CLASSES_OF_COPIES',
    carried.length,
    `Classes reach MIN_CLASS_IMAGES=${minClassImages} only with copies of the same photos. Add other photos of these classes.`,
    carried.map(
      ([label, { images, groups }]) =>
        `${label}: ${plural(images, 'image')} of ${plural(groups.size, 'photo')}`,
    ),
  );
}

function partlyUnlabelled(
  { partlyUnlabelled: paths, adviser }: TallyFacts,
  classes: Counts['droppedClasses'],
) {
  const smallest = Math.min(...classes.map(({ images }) => images));
  const tried = paths.length > 0 ? adviser.minClassImages('IMAGES_PARTLY_UNLABELLED', smallest) : undefined;
  return warning(
    'IMAGES_PARTLY_UNLABELLED',
    paths.length,
    `Images kept some boxes and lost those of dropped classes (${classes.length}). The model learns the objects without a box as background. ${advice(tried, adviser.insteadOf('Remove the images'))}`,
    paths,
  );
}

function cutImages({ cutImages: paths, settings, adviser }: TallyFacts) {
  const tried = paths.length > 0 ? adviser.moreTiles('BOXES_CUT') : undefined;
  return warning(
    'BOXES_CUT',
    paths.length,
    `Images have more than MAX_BOX_PER_IMAGE=${settings.maxBoxPerImage} boxes. Their smallest boxes were dropped, and the model learns these objects as background. ${advice(tried, 'Cut these images into smaller ones, or remove them')}`,
    paths,
  );
}

function mismatched({ boxed: { mismatched: paths } }: TallyFacts) {
  return warning(
    'SIZE_MISMATCH',
    paths.length,
    {
      headline:
        'COCO records state another aspect ratio than the image files have, so their boxes may be misplaced.',
      rest: 'Export again with the images that were labelled.',
    },
    paths,
  );
}

function splitLeaks({ leaks, val, adviser }: TallyFacts) {
  const tried = leaks.length > 0 ? adviser.ownSplit('SPLIT_LEAKS') : undefined;
  return warning(
    'SPLIT_LEAKS',
    leaks.length,
    {
      headline: `${leaks.length} of ${plural(val.length, 'validation image')} ${agreeing(leaks.length, 'is a copy', 'are copies')} of training images or ${agreeing(leaks.length, 'belongs', 'belong')} together with them, so scores will be inflated.`,
      rest: advice(tried, 'Export with a split that keeps such images on one side'),
    },
    leaks.map((leak) => `${leak.val} = ${leak.train}`),
  );
}

/** The leaks of the split that the export states, if Curator splits the images itself. */
function exportSplitLeaks({ boxed: { candidates }, settings }: TallyFacts) {
  if (settings.split === 'export') return undefined;
  const on = (side: Side) => candidates.filter(({ exported }) => exported === side);
  const val = on('val');
  const leaks = leaksOf({ train: on('train'), val }, 'group');
  return warning(
    'EXPORT_SPLIT_LEAKS',
    leaks.length,
    `${leaks.length} of ${plural(val.length, 'image')} in the valid and test folders of the export ${agreeing(leaks.length, 'is a copy', 'are copies')} of images in its train folder. The split of this version keeps copies on one side. Scores of models that were trained with the split of the export are inflated.`,
    leaks.map((leak) => `${leak.val} = ${leak.train}`),
  );
}

/** Files among which more than half are copies. */
function fewPhotos({ boxed: { candidates } }: TallyFacts) {
  const photos = new Set(candidates.map(({ group }) => group)).size;
  if (candidates.length < MIN_FILES || photos >= FEW_PHOTOS * candidates.length) return undefined;
  return warning(
    'FEW_PHOTOS',
    candidates.length - photos,
    `${candidates.length} images show ${plural(photos, 'different photo')}; the others are copies, from which a model learns little more. Add other photos.`,
  );
}

function groupByUnmatched({ boxed: { together, candidates }, settings }: TallyFacts) {
  const { unmatched } = together;
  return warning(
    'GROUP_BY_UNMATCHED',
    unmatched.length,
    `GROUP_BY=${settings.groupBy} does not match the paths of ${unmatched.length} of ${plural(candidates.length, 'image')}, so only their copies stay together. Check the expression against the examples.`,
    unmatched,
  );
}

function largeGroups({ tooLargeGroups }: TallyFacts) {
  return warning(
    'GROUPS_TOO_LARGE',
    tooLargeGroups.length,
    'Groups of images that stay together are larger than the validation split, so they were put into train. This does no harm.',
    tooLargeGroups.map(({ path, images }) => `${path}: ${plural(images, 'image')}`),
  );
}

function smallVal({ val, valTarget, settings }: TallyFacts) {
  if (val.length === 0 || val.length >= valTarget) return undefined;
  return warning(
    'VAL_BELOW_SHARE',
    valTarget - val.length,
    `VAL_SPLIT=${settings.valSplit} asks for ${valTarget} validation images, but there ${agreeing(val.length, 'is', 'are')} ${val.length}, because copies and grouped images stay together and every class must stay in train. Add photos.`,
  );
}
