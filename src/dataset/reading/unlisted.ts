import { byCodePoint } from '../../lib/order.js';
import { percentText } from '../../lib/percent.js';
import { agreeing, plural } from '../../lib/plural.js';
import { type DatasetFinding, warning } from '../model/findings.js';
import { copyFolder } from './coco-files.js';
import { baseName, folderOf, isImageFile, stemOf } from './resolve.js';

/** Image files that no COCO file names, sorted, except those in hidden folders. */
export function unlistedImages(paths: readonly string[], listed: ReadonlySet<string>): string[] {
  return paths
    .filter((path) => isImageFile(path) && copyFolder(path, []) !== 'hidden' && !listed.has(path))
    .sort(byCodePoint);
}

/** Share of unlisted images above which the labels are probably those of a part of the images only. */
const MANY = 0.2;
/** Folders of pictures that tools derive from images. */
const DERIVED_FOLDER =
  /mask|segment|label|annot|thumb|preview|visuali|overlay|depth|heatmap|(?<![a-z])(?:vis|viz|draw(?:n|ings?)?|render(?:ed|s)?|debug|bbox(?:es)?|boxes|gt)(?![a-z])/i;

/**
 * The finding on images of which too many are in no COCO file; undefined if there are few. Masks, thumbnails and the like
 * do not count: pictures with the name of a listed image in a folder that is named after what it holds.
 */
export function manyUnlisted(
  unlisted: readonly string[],
  listed: readonly string[],
): DatasetFinding | undefined {
  const names = new Set(listed.map(nameOf));
  const missed = unlisted.filter((path) => !DERIVED_FOLDER.test(folderOf(path)) || !names.has(nameOf(path)));
  const images = missed.length + listed.length;
  if (missed.length <= MANY * images) return undefined;
  return warning(
    'MANY_IMAGES_UNLISTED',
    missed.length,
    {
      headline: `${missed.length} of ${plural(images, 'image')} in the archive (${percentText(missed.length, images)}) ${agreeing(missed.length, 'is', 'are')} in no COCO file, so the scores do not describe the dataset.`,
      rest: 'Export the annotations of all images, or remove the images.',
    },
    missed,
  );
}

const nameOf = (path: string) => stemOf(baseName(path)).toLowerCase();
