import { byCodePoint } from '../../lib/order.js';
import { type BoxedImages, boxImages } from '../boxes/box-images.js';
import { refuseOtherConventions } from '../boxes/other-conventions.js';
import type { SeenImage } from '../boxes/seen-image.js';
import { type Candidate, countByLabel } from '../model/candidates.js';
import { DatasetError } from '../model/errors.js';
import { allRejected, refuseTooManyRejected } from '../model/rejected.js';
import type { DatasetSettings } from '../model/settings.js';
import type { CuratedImage } from '../model/types.js';
import { exportedSplit, leaksOf } from '../splitting/exported-split.js';
import { splitImages } from '../splitting/split.js';
import type { Attempt } from './advice.js';
import { capClasses, rareClasses } from './balance.js';
import { cutBoxes, dropClasses, untrainedClasses } from './class-rules.js';
import type { Curation } from './curation.js';
import type { CurateInput } from './input.js';
import { CurationRefusal, noClassLeft, nothingAnnotated } from './refusals.js';
import { Tally } from './tally.js';

export type { Curation } from './curation.js';

/**
 * Curates in this order: box rules, rare classes, maximum boxes per image, images without boxes, cap per class, split.
 * Every image and every box that is left out is counted under a reason.
 * @throws CurationRefusal CocoInvalid, TooManyRejectedImages, NoUsableImages, NoClassLeft, SplitImpossible
 */
export function curate(input: CurateInput): Curation {
  const tally = new Tally(input);
  try {
    const usable = usableImages(input, tally);
    const boxed = boxImages(usable, input.groupOf, input.settings, tally.drops);
    tally.boxed = boxed;
    refuseOtherConventions(boxed.conventions);
    const labelled = labelledImages(boxed, tally);
    tally.attempt = remembered((change) => attempt(labelled, boxed, input, change));
    select(labelled, input.settings, tally, () => noClass(labelled, input));
    return { train: tally.train, val: tally.val, boxed, ...tally.facts() };
  } catch (error) {
    throw error instanceof DatasetError ? new CurationRefusal(error, tally.facts(), tally.boxed) : error;
  }
}

function usableImages({ images, missing, settings }: CurateInput, tally: Tally): SeenImage[] {
  const rejected = images.flatMap(({ image: { record }, result }) =>
    result.status === 'rejected' ? [{ ...result, record }] : [],
  );
  tally.rejected = [...missing, ...rejected];
  for (const { image, result } of images) {
    if (result.status === 'rejected') tally.drops.add('image-rejected', image.boxes.length);
  }
  refuseTooManyRejected(tally.rejected, images.length + missing.length, settings.maxRejectedRatio);
  const usable = images.flatMap(({ image, result }): SeenImage[] =>
    result.status === 'preprocessed' ? [{ image, result }] : [],
  );
  if (usable.length === 0) throw allRejected(tally.rejected);
  return usable;
}

/**
 * The images that have a box left.
 * @throws DatasetError NoUsableImages if there are none
 */
function labelledImages({ candidates, neverAnnotated }: BoxedImages, tally: Tally): Candidate[] {
  const labelled = candidates.filter(({ boxes }) => boxes.length > 0);
  tally.left.neverAnnotated = neverAnnotated;
  tally.left.emptiedByBoxRules = candidates.length - labelled.length - neverAnnotated;
  if (labelled.length === 0) throw nothingAnnotated(candidates.length, neverAnnotated, tally.drops.sorted());
  return labelled;
}

/** Drops rare classes, applies the maximum boxes and the cap, and splits the images. */
function select(
  boxed: readonly Candidate[],
  settings: DatasetSettings,
  tally: Tally,
  refusal: () => DatasetError,
): void {
  const { drops, left } = tally;
  tally.droppedClasses = settings.enableBalance ? rareClasses(boxed, settings.minClassImages) : [];
  const classed = dropClasses(boxed, tally.droppedClasses, drops);
  tally.partlyUnlabelled = classed.partlyUnlabelled;
  left.emptiedByClassDrop = boxed.length - classed.images.length;
  if (classed.images.length === 0) throw refusal();
  const cut = cutBoxes(classed.images, settings.maxBoxPerImage, drops);
  tally.cutImages = cut.cutImages;
  if (settings.split === 'export') keepExportedSplit(cut.images, settings, tally);
  else splitByShare(cut.images, settings, tally);
}

function splitByShare(images: readonly Candidate[], settings: DatasetSettings, tally: Tally): void {
  const chosen = cap(images, settings, tally);
  const split = splitImages(chosen, settings.valSplit);
  tally.train = toCurated(split.train);
  tally.val = toCurated(split.val);
  tally.valTarget = split.target;
  tally.tooLargeGroups = split.tooLarge;
}

/** The cap applies to train only. Val stays as exported, so that scores can be compared with those of earlier models. */
function keepExportedSplit(images: readonly Candidate[], settings: DatasetSettings, tally: Tally): void {
  const sides = exportedSplit(images);
  tally.untrainedClasses = untrainedClasses(sides);
  const val = dropClasses(sides.val, tally.untrainedClasses, tally.drops);
  tally.partlyUnlabelled = [...new Set([...tally.partlyUnlabelled, ...val.partlyUnlabelled])];
  tally.left.emptiedByClassDrop += sides.val.length - val.images.length;
  const train = cap(sides.train, settings, tally);
  if (val.images.length === 0) {
    throw new DatasetError(
      'SplitImpossible',
      'SPLIT=export keeps the split of the export, but no class of its valid and test folders is in train. Set SPLIT=curator.',
    );
  }
  tally.train = toCurated(train);
  tally.val = toCurated(val.images);
  tally.leaks = leaksOf({ train, val: val.images }, 'unit');
}

function cap(images: readonly Candidate[], settings: DatasetSettings, { drops, left }: Tally): Candidate[] {
  if (!settings.enableBalance) return [...images];
  const chosen = capClasses(images, settings.perClassCap);
  for (const image of images) {
    if (!chosen.has(image)) drops.add('image-balanced-away', image.boxes.length);
  }
  left.balancedAway = images.length - chosen.size;
  return [...chosen];
}

/** Maximum images for which other settings are tried: each attempt curates all of them again. */
const MAX_TRIED_IMAGES = 20_000;

/** Tries each change once: several findings ask for the same ones. */
function remembered(attempt: Attempt): Attempt {
  const results = new Map<string, ReturnType<Attempt>>();
  return (change) => {
    const key = JSON.stringify(change);
    if (!results.has(key)) results.set(key, attempt(change));
    return results.get(key);
  };
}

/** The codes of the findings with other settings; undefined if the dataset is refused then. */
function attempt(
  labelled: readonly Candidate[],
  boxed: BoxedImages,
  input: CurateInput,
  change: Partial<DatasetSettings>,
): ReadonlySet<string> | undefined {
  if (labelled.length > MAX_TRIED_IMAGES) return undefined;
  const settings = { ...input.settings, ...change };
  const trial = new Tally({ ...input, settings });
  // Findings about single boxes do not depend on the settings that are tried, and take long.
  trial.boxed = { ...boxed, tooSmall: [], outside: new Map(), mismatched: [] };
  trial.left.neverAnnotated = boxed.neverAnnotated;
  try {
    select(labelled, settings, trial, () => new DatasetError('NoClassLeft', 'No class is left.'));
  } catch (error) {
    if (error instanceof DatasetError) return undefined;
    throw error;
  }
  return new Set(trial.facts().findings.map(({ code }) => code));
}

function noClass(boxed: readonly Candidate[], input: CurateInput): DatasetError {
  return noClassLeft(boxed, input.settings, (minClassImages) => {
    const trial = new Tally(input);
    const settings = { ...input.settings, minClassImages };
    select(boxed, settings, trial, () => new DatasetError('NoClassLeft', 'No class is left.'));
    const used = [...trial.train, ...trial.val];
    return { classes: countByLabel(used).size, images: used.length };
  });
}

function toCurated(candidates: readonly Candidate[]): CuratedImage[] {
  return candidates
    .map(({ sortKey: _sortKey, exported: _exported, unit: _unit, ...image }) => image)
    .sort((a, b) => byCodePoint(a.key, b.key));
}
