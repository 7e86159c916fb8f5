import { byCodePoint } from '../../lib/order.js';
import type { BoxedImages } from '../boxes/box-images.js';
import { type Candidate, countByLabel } from '../model/candidates.js';
import { DatasetError } from '../model/errors.js';
import { SERVICE_LIMITS } from '../model/service-limits.js';
import type { DatasetSettings } from '../model/settings.js';
import type { CurationFacts } from './curation.js';

/** A refusal with the counts and findings up to it, so that reports can be written for a refused dataset too. */
export class CurationRefusal extends DatasetError {
  constructor(
    cause: DatasetError,
    readonly facts: CurationFacts,
    /** The images with their boxes moved; null if the refusal came before that. */
    readonly boxed: BoxedImages | null,
  ) {
    super(cause.type, cause.message, cause.details, cause.rejected);
  }
}

/** What to do about boxes that were dropped for a reason. */
const REMEDIES: Readonly<Record<string, string>> = {
  'too-small': `A lower MIN_BOX_PX, or an IMAGE_MAX_SIDE of up to ${SERVICE_LIMITS.trainingSide}, may keep boxes that are too-small.`,
  'unknown-category':
    'Annotations with an unknown-category refer to a category that the COCO file does not define: export the categories too.',
  'unknown-image':
    'Annotations with an unknown-image have an image_id that no image of their COCO file has: export images and annotations together.',
  panoptic:
    'Annotations that are panoptic have segments (segments_info), not boxes of objects: export COCO for object detection, such as instances_train2017.json.',
  crowd: 'Set KEEP_CROWD=true to keep boxes that mark a crowd.',
  outside: 'Boxes that are outside lie beyond their image: export again with the images that were labelled.',
};

/** The refusal of a dataset in which no image has a usable box. */
export function nothingAnnotated(
  images: number,
  neverAnnotated: number,
  dropped: Readonly<Record<string, number>>,
): DatasetError {
  const reasons = Object.entries(dropped).map(([reason, n]) => `${n} ${reason}`);
  const remedies = Object.keys(dropped).flatMap((reason) => {
    const remedy = REMEDIES[reason];
    return remedy === undefined ? [] : [` ${remedy}`];
  });
  return new DatasetError(
    'NoUsableImages',
    reasons.length === 0
      ? `None of the ${images} images has an annotation. Label them and export again.`
      : `None of the ${images} images has a usable box: ${neverAnnotated} have no annotation, and all annotations were dropped (${reasons.join(', ')}).${remedies.join('')}`,
    { count: images },
  );
}

/** Maximum values of MIN_CLASS_IMAGES that are tried. */
const MAX_TRIALS = 50;

/**
 * The refusal of a dataset in which every class is rare. It lists the counts and the highest MIN_CLASS_IMAGES that leads
 * to a split.
 * @param attempt curates with that value; throws DatasetError if that is refused too
 */
export function noClassLeft(
  boxed: readonly Candidate[],
  { minClassImages }: DatasetSettings,
  attempt: (minClassImages: number) => { readonly classes: number; readonly images: number },
): DatasetError {
  const counts = [...countByLabel(boxed)].sort(([a, m], [b, n]) => n - m || byCodePoint(a, b));
  const listed = counts.slice(0, 10).map(([label, n]) => `${label} ${n}`);
  const more =
    counts.length > listed.length ? `, and ${counts.length - listed.length} classes with fewer` : '';
  return new DatasetError(
    'NoClassLeft',
    `No class is found in MIN_CLASS_IMAGES=${minClassImages} images. Images per class: ${listed.join(', ')}${more}. Label more images${remedy(counts, attempt)}`,
    { examples: counts.slice(0, 20).map(([label, n]) => `${label}: ${n}`), count: counts.length },
  );
}

function remedy(
  counts: readonly (readonly [string, number])[],
  attempt: Parameters<typeof noClassLeft>[2],
): string {
  let why = '';
  const values = [...new Set(counts.map(([, count]) => count))];
  for (const value of values.slice(0, MAX_TRIALS)) {
    try {
      const { classes, images } = attempt(value);
      return `, or set MIN_CLASS_IMAGES=${value}, which keeps ${classes} of ${counts.length} classes on ${images} images.`;
    } catch (error) {
      if (!(error instanceof DatasetError)) throw error;
      why = error.message;
    }
  }
  return `. A lower MIN_CLASS_IMAGES alone does not help: ${why}`;
}
