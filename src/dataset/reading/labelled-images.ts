import { Drops } from '../model/drops.js';
import type { LabelledImage, RejectedRecord, SourceBox } from '../model/types.js';
import { annotationsOf } from './image-records.js';
import { byPosition, distinct } from './join-files.js';
import { withoutNearCopies } from './near-copies.js';
import { type Placement, recordOf } from './placements.js';

/** An image with its boxes. */
export interface ReadImage {
  readonly image: LabelledImage;
  /** The annotations of its records that were dropped, by reason. */
  readonly dropped: Readonly<Record<string, number>>;
  /** One bbox that cannot be used, as text, by the reason in `dropped`. */
  readonly badBoxes: Readonly<Record<string, string>>;
  /** The annotations among those dropped as `duplicate` whose box is not exactly that of another. */
  readonly nearCopies: number;
}

/** Joins the records that count of an image. Repeated boxes are dropped as `duplicate`. */
export function joinRecords(path: string, own: readonly Placement[]): ReadImage {
  const all = own.flatMap(({ image }) => image.boxes);
  const different = distinct(all);
  const boxes = withoutNearCopies(different);
  const drops = new Drops({});
  drops.add('duplicate', all.length - boxes.length);
  for (const { image } of own) drops.addAll(image.dropped);
  const labelled = own.filter(({ image }) => image.boxes.length > 0);
  const stated = (side: 'width' | 'height') => {
    // A record without boxes does not say which size the boxes of the others refer to.
    const sized = labelled.length > 0 ? labelled : own;
    const [value = null, ...others] = new Set(sized.map(({ image }) => image[side]));
    return others.length === 0 ? value : null;
  };
  const image = {
    path,
    cocoFile: own[0]?.file.path ?? '',
    record: recordOf(ofFirst(own)),
    width: stated('width'),
    height: stated('height'),
    annotations: own.reduce((sum, { image }) => sum + annotationsOf(image), 0),
    boxes,
    ofShapes: own.reduce((sum, { image }) => sum + image.ofShapes, 0),
  };
  // The first record of an image counts most.
  const badBoxes: Readonly<Record<string, string>> = Object.assign(
    {},
    ...own.map(({ image }) => image.badBoxes).reverse(),
  );
  return {
    image,
    dropped: ofMany(drops.sorted()),
    badBoxes: ofMany(badBoxes),
    nearCopies: different.length - boxes.length,
  };
}

const NONE: Readonly<Record<string, never>> = Object.freeze({});

/** Most images lose nothing; with one object for all of these, they take less memory. */
const ofMany = <Value>(record: Readonly<Record<string, Value>>): Readonly<Record<string, Value>> =>
  Object.keys(record).length === 0 ? NONE : record;

/** The records of the first file; more than one if it describes the image by several. */
export function ofFirst(placements: readonly Placement[]): readonly Placement[] {
  return placements.filter(({ file }) => file === placements[0]?.file);
}

/** Whether two boxes of an image, which are sorted, differ only in their classes. */
export function inTwoClasses(boxes: readonly SourceBox[]): boolean {
  return boxes.some((box, i) => {
    const before = boxes[i - 1];
    return before !== undefined && byPosition(before, box) === 0;
  });
}

/** Characters of a name that are shown; some tools write a whole image into file_name. */
const MAX_PATH = 300;
/** Files that are named of those that a name fits. */
const MAX_CANDIDATES = 3;

/**
 * The record of an image whose file is missing.
 * @param path where the file would be expected
 * @param own its records in the first COCO file that names it
 * @param inner an archive within the archive, which may have the image
 */
export function rejectedRecord(
  path: string,
  own: readonly [Placement, ...Placement[]],
  inner: string | undefined,
): RejectedRecord {
  const [{ file, image, candidates = [] }] = own;
  const name = JSON.stringify(image.fileName.slice(0, MAX_PATH));
  const listed = candidates.slice(0, MAX_CANDIDATES).join(', ');
  return {
    status: 'rejected',
    path: path.slice(0, MAX_PATH),
    cocoFile: file.path,
    record: recordOf(own),
    reason: 'missing-in-archive',
    message:
      candidates.length > 0
        ? `Several files fit the name ${name}: ${listed}. Write the whole name into file_name.`
        : `The archive has no file ${name}.${inner === undefined ? '' : ` It may be in ${inner}: unpack that, and zip all files together.`}`,
  };
}
