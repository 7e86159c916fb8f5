import { byCodePoint } from '../../lib/order.js';
import { agreeing, plural, pluralNoun } from '../../lib/plural.js';
import { shortInMiddle } from '../../lib/short-text.js';
import type { BoxedImages } from '../boxes/box-images.js';
import { type Candidate, countByLabel } from '../model/candidates.js';
import { DatasetError } from '../model/errors.js';
import { droppedText } from '../model/outcome-names.js';
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

/** What to do about boxes that were dropped for a reason; for `too-small`, settings are tried. */
const REMEDIES: Readonly<Record<string, string>> = {
  'unknown-category': 'Define each category that annotations use: export the categories too.',
  'unknown-image': 'Export images and annotations together, so that each image_id is the id of an image.',
  'invalid-box': 'Write each bbox as a list of four numbers, [left, top, width, height] in pixels.',
  'empty-box':
    'Write each bbox as [left, top, width, height] in pixels, with a width and a height above zero.',
  panoptic:
    'Export COCO for object detection, such as instances_train2017.json, not panoptic segments (segments_info).',
  crowd: 'KEEP_CROWD=true keeps them.',
  outside: 'Export again with the images that were labelled.',
};

/** What to do about dropped annotations, a sentence per reason. */
export function remediesFor(dropped: Readonly<Record<string, number>>): string[] {
  return Object.keys(dropped).flatMap((reason) => REMEDIES[reason] ?? []);
}

/** The refusal of a dataset in which no image has a usable box. */
export function nothingAnnotated(
  images: number,
  neverAnnotated: number,
  dropped: Readonly<Record<string, number>>,
): DatasetError {
  const reasons = droppedText(dropped);
  const remedies = remediesFor(dropped).map((remedy) => ` ${remedy}`);
  const unlabelled =
    neverAnnotated === 0
      ? ''
      : `${neverAnnotated} of ${plural(images, 'image')} ${agreeing(neverAnnotated, 'has', 'have')} no annotation, and `;
  return new DatasetError(
    'NoUsableImages',
    reasons === ''
      ? 'No image has an annotation. Label the images and export again.'
      : `No image has a usable box: ${unlabelled}all annotations were dropped: ${reasons}.${remedies.join('')}`,
    { count: images },
  );
}

/** Maximum classes that a message shows, and characters of their names. */
const SHOWN_CLASSES = 5;
const LABEL_CHARACTERS = 20;

/** The refusal of a dataset in which every class is rare, with the counts. */
export function noClassLeft(
  labelled: readonly Candidate[],
  { minClassImages }: Pick<DatasetSettings, 'minClassImages'>,
): DatasetError {
  const counts = [...countByLabel(labelled)].sort(([a, m], [b, n]) => n - m || byCodePoint(a, b));
  const listed = counts
    .slice(0, SHOWN_CLASSES)
    .map(([label, n]) => `${shortInMiddle(label, LABEL_CHARACTERS)} ${n}`);
  const others = counts.length - listed.length;
  const more = others > 0 ? `, and ${plural(others, 'other class')}` : '';
  return new DatasetError(
    'NoClassLeft',
    `No class is found in MIN_CLASS_IMAGES=${minClassImages} ${pluralNoun(minClassImages, 'image')}. Images per class: ${listed.join(', ')}${more}.`,
    { examples: counts.slice(0, 20).map(([label, n]) => `${label}: ${n}`), count: counts.length },
  );
}
