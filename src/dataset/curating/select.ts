import { byCodePoint } from '../../lib/order.js';
import type { BoxedImages } from '../boxes/box-images.js';
import type { Candidate } from '../model/candidates.js';
import { DatasetError } from '../model/errors.js';
import type { DatasetSettings } from '../model/settings.js';
import type { CuratedImage } from '../model/types.js';
import { exportedSplit, leaksOf } from '../splitting/exported-split.js';
import { splitImages } from '../splitting/split.js';
import { capClasses, rareClasses } from './balance.js';
import { cutBoxes, dropClasses, untrainedClasses } from './class-rules.js';
import { noClassLeft, nothingAnnotated } from './refusals.js';
import type { Tally } from './tally.js';
import { cutTiledBoxes, withTiles } from './tile-images.js';

/**
 * Drops rare classes, applies the maximum boxes and the cap, and splits the images. The result and all counts go to
 * `tally`.
 * @throws DatasetError NoUsableImages, NoClassLeft, SplitImpossible; without advice, which needs trials
 */
export function select(boxed: BoxedImages, settings: DatasetSettings, tally: Tally): void {
  const { drops, left } = tally;
  const labelled = labelledImages(boxed, tally);
  tally.droppedClasses = settings.enableBalance ? rareClasses(labelled, settings.minClassImages) : [];
  const classed = dropClasses(labelled, tally.droppedClasses, drops);
  tally.partlyUnlabelled = classed.partlyUnlabelled;
  left.emptiedByClassDrop = labelled.length - classed.images.length;
  if (classed.images.length === 0) throw noClassLeft(labelled, settings);
  const hasTiles = settings.tiles > 1;
  const cut = hasTiles
    ? cutTiledBoxes(classed.images, settings, drops)
    : cutBoxes(classed.images, settings.maxBoxPerImage, drops);
  tally.cutImages = cut.cutImages;
  if (settings.split === 'export') keepExportedSplit(cut.images, settings, tally);
  else splitByShare(cut.images, settings, tally);
  // After the split: the tiles of a photo stay in its split.
  if (hasTiles)
    tally.tiled = { train: withTiles(tally.train, settings), val: withTiles(tally.val, settings) };
}

/** The images that have a box left. */
function labelledImages({ candidates, neverAnnotated }: BoxedImages, tally: Tally): Candidate[] {
  const labelled = candidates.filter(({ boxes }) => boxes.length > 0);
  tally.left.neverAnnotated = neverAnnotated;
  tally.left.emptiedByBoxRules = candidates.length - labelled.length - neverAnnotated;
  if (labelled.length === 0) throw nothingAnnotated(candidates.length, neverAnnotated, tally.drops.sorted());
  return labelled;
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
      'SPLIT=export keeps the split of the export, but no class of its valid and test folders is in train.',
    );
  }
  tally.train = toCurated(train);
  tally.val = toCurated(val.images);
  tally.leaks = leaksOf({ train, val: val.images }, 'unit');
}

function cap(images: readonly Candidate[], settings: DatasetSettings, tally: Tally): Candidate[] {
  if (!settings.enableBalance) return [...images];
  const chosen = capClasses(images, settings.perClassCap);
  const leftOut = images.filter((image) => !chosen.has(image));
  for (const image of leftOut) tally.drops.add('image-balanced-away', image.boxes.length);
  tally.left.balancedAway = leftOut.length;
  const used = new Set([...chosen].map(({ group }) => group));
  tally.unusedPhotos = new Set(leftOut.map(({ group }) => group).filter((group) => !used.has(group))).size;
  return [...chosen];
}

function toCurated(candidates: readonly Candidate[]): CuratedImage[] {
  return candidates
    .map(({ path, key, size, boxes, group, sourceSha256 }) => ({
      path,
      key,
      size,
      boxes,
      group,
      sourceSha256,
    }))
    .sort((a, b) => byCodePoint(a.key, b.key));
}
