import { boxImages, refuseMisplaced } from '../boxes/box-images.js';
import type { SeenImage } from '../boxes/seen-image.js';
import { DatasetError } from '../model/errors.js';
import { allRejected, refuseTooManyRejected } from '../model/rejected.js';
import type { Curation } from './curation.js';
import type { CurateInput } from './input.js';
import { mergeClasses, refuseUnknownMerges } from './merge-classes.js';
import { withAdvice } from './refusal-advice.js';
import { CurationRefusal } from './refusals.js';
import { select } from './select.js';
import { Tally } from './tally.js';
import { Trials } from './trials.js';

export type { Curation } from './curation.js';

/**
 * Curates in this order: merged classes, box rules, rare classes, maximum boxes per image, images without boxes, cap per class, split.
 * Every image and every box that is left out is counted under a reason.
 * @throws CurationRefusal CocoInvalid, TooManyRejectedImages, NoUsableImages, NoClassLeft, SplitImpossible, DatasetInvalid
 */
export function curate(input: CurateInput): Curation {
  const tally = new Tally(input);
  const usable = usableImages(mergeClasses(input), tally);
  const trials = new Trials(input, usable);
  try {
    refuseTooManyRejected(tally.rejected, foundImages(input), input.settings.maxRejectedRatio);
    refuseUnknownMerges(input);
    if (usable.length === 0) throw allRejected(tally.rejected);
    const boxed = boxImages(usable, input.groupOf, input.settings, tally.drops);
    tally.boxed = boxed;
    trials.use(boxed);
    tally.attempt = trials.counts;
    refuseMisplaced(boxed);
    select(boxed, input.settings, tally);
    const { train, val, manifests } = tally;
    return { train, val, manifests, boxed, ...tally.facts() };
  } catch (error) {
    if (!(error instanceof DatasetError)) throw error;
    throw new CurationRefusal(withAdvice(error, tally, trials), tally.facts(), tally.boxed);
  }
}

/** Number of image records, those without a file included. */
const foundImages = ({ images, missing }: CurateInput) => images.length + missing.length;

/** The readable images. The others, and their boxes, go to `tally`. */
function usableImages({ images, missing }: CurateInput, tally: Tally): SeenImage[] {
  const rejected = images.flatMap(({ image: { record }, result }) =>
    result.status === 'rejected' ? [{ ...result, record }] : [],
  );
  tally.rejected = [...missing, ...rejected];
  for (const { image, result } of images) {
    if (result.status === 'rejected') tally.drops.add('image-rejected', image.boxes.length);
  }
  return images.flatMap(({ image, result }): SeenImage[] =>
    result.status === 'preprocessed' ? [{ image, result }] : [],
  );
}
