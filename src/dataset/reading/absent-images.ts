import { plural } from '../../lib/plural.js';
import { annotationsWarning, type DatasetFinding } from '../model/findings.js';
import type { CocoFile } from './coco.js';
import { annotationsOf } from './image-records.js';

/**
 * The finding on labels whose images are all absent, such as those of a split whose folder was not exported; undefined if
 * there are none. They are not part of the counts of the dataset.
 * @param files COCO files none of whose images is in the archive
 * @param found all annotations of the COCO files that count
 */
export function absentImages(files: readonly CocoFile[], found: number): DatasetFinding | undefined {
  const lost = files.map(({ path, images }) => ({
    path,
    images: images.length,
    annotations: images.reduce((sum, image) => sum + annotationsOf(image), 0),
  }));
  const count = lost.reduce((sum, { annotations }) => sum + annotations, 0);
  return annotationsWarning(
    'COCO_IMAGES_ABSENT',
    { count, found: found + count },
    {
      headline:
        'are in COCO files of which the archive has no image, so the dataset is smaller than its labels',
      rest: 'Add the images to the archive, or remove these files.',
    },
    lost.flatMap(({ path, images, annotations }) =>
      annotations > 0 ? [`${path}: ${plural(annotations, 'annotation')} on ${plural(images, 'image')}`] : [],
    ),
  );
}
