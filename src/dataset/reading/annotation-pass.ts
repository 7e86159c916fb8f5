import { asRecord, idOf } from '../../lib/json-records.js';
import { byCodePoint } from '../../lib/order.js';
import { shortJson } from '../../lib/short-json.js';
import type { Steps } from '../../lib/steps.js';
import { MAX_EXAMPLES } from '../model/findings.js';
import { categoryIdOf, readAnnotation } from './annotations.js';
import { checkBoxes, maxBoxesOf, tooManyBoxes } from './budget.js';
import type { ShownReading } from './id-readings.js';
import { ImageIds } from './image-ids.js';
import type { DraftImage, ImageRecords } from './image-records.js';
import { doubtfulMark, isPredicted } from './marks.js';
import { type AnnotationFault, boxFault, Faults, faultOf } from './misnamed.js';
import { type ContradictingMembers, OtherMembers } from './other-members.js';
import { plainId, RewrittenIds } from './plain-ids.js';
import type { AnnotationContext, BoxNote, ReadAnnotation } from './read-box.js';
import { type IdDoubt, IdShiftWatch } from './shifted-ids.js';
import { formFault } from './unread-bbox.js';

/** What one pass over the annotations of a COCO file found, beside the boxes that it added to the images. */
export interface AnnotationPass {
  /** Annotations whose image_id does not belong to an image of the file. */
  readonly orphans: number;
  /** The first image_ids of these annotations, at most MAX_EXAMPLES. */
  readonly orphanIds: readonly string[];
  /** The first category_ids that the file does not define, at most MAX_EXAMPLES. */
  readonly undefinedIds: readonly string[];
  /** What annotations have instead of the members that COCO needs. */
  readonly faults: readonly AnnotationFault[];
  /** Annotations with a bbox and a shape, and those of them in which either could be right. */
  readonly compared: number;
  readonly tied: number;
  /** What is doubtful about the ids in annotations. */
  readonly idDoubts: readonly IdDoubt[];
  /** Annotations whose ids are written differently than those of their records, with some of these ids. */
  readonly rewritten: RewrittenIds['found'];
  /** What other members of annotations contradict. */
  readonly contradicting: readonly ContradictingMembers[];
  /** What all image_ids are, if some can be ids of some images and names of others; undefined if it does not matter. */
  readonly idReading: ShownReading | undefined;
  /** The same for files that need no other reading; undefined if no image_id can be the id of one image and the name of another. */
  readonly twofoldIds: ImageIds<DraftImage>['twofoldIds'];
}

/** A pass over the annotations of a COCO file. */
export type Annotations = (onAnnotation: (annotation: unknown) => void) => Steps<void>;

/** What a pass reads annotations with. */
export interface PassContext extends AnnotationContext {
  /** What all image_ids are; undefined if each may be an id or a name. */
  readonly idReading: ShownReading | undefined;
}

/**
 * Adds the boxes of all annotations to `images`. Yields regularly.
 * @param images the images of the file by id, without boxes
 * @throws DatasetError CocoInvalid if an annotation uses an unusable image record or category,
 *   ArchiveUnsafe if an image has too many boxes
 */
export function* addAnnotations(
  annotations: Annotations,
  { path, images, unusable }: ImageRecords,
  pass: PassContext,
): Steps<AnnotationPass> {
  const ids = new ImageIds(path, images, unusable, pass.idReading?.reading);
  const areNames = pass.idReading?.reading === 'names' && pass.idReading.byBoxes;
  const rewritten = new RewrittenIds();
  const watch = new IdShiftWatch(images, pass.categories);
  const members = new OtherMembers(images, pass.categories);
  let [orphans, compared, tied] = [0, 0, 0];
  const faults = new Faults();
  let index = -1;
  const maxBoxes = maxBoxesOf(images.size);
  let boxes = 0;
  let orphanIds = new Set<string>();
  let undefinedIds = new Set<string>();
  yield* annotations((value) => {
    const annotation = asRecord(value);
    index += 1;
    const image = ids.find(annotation);
    const imageId = idOf(annotation.image_id);
    const isOtherText = areNames || (imageId !== undefined && plainId(imageId) !== imageId);
    const watchedId = image && isOtherText ? image.id : imageId;
    watch.add(watchedId, image && categoryIdOf(annotation));
    if (!image) {
      orphans += 1;
      const fault = missing(value, 'image_id');
      if (fault) faults.add(index, 'image_id', fault);
      else orphanIds = smallest(orphanIds.add(shortJson(annotation.image_id)));
      return;
    }
    const read: ReadAnnotation = image.isDeleted
      ? { dropped: 'deleted' }
      : readAnnotation(annotation, pass, image);
    addAnnotation(image, read, doubtfulMark(annotation));
    if ('box' in read) boxes += 1;
    if (boxes > maxBoxes) throw tooManyBoxes(path, images.size, maxBoxes);
    checkBoxes(path, image);
    if ('box' in read && isPredicted(annotation)) image.predicted += 1;
    if ('dropped' in read) {
      const isUnknown = read.dropped === 'unknown-category';
      if (!isUnknown && read.dropped !== 'invalid-box' && read.dropped !== 'empty-box') return;
      const fault =
        boxFault(annotation) ?? (isUnknown ? missing(value, 'category_id') : formFault(annotation.bbox));
      if (fault) faults.add(index, isUnknown ? 'category_id' : 'bbox', fault);
      else if (isUnknown) undefinedIds = smallest(undefinedIds.add(shortJson(annotation.category_id)));
      return;
    }
    watch.addBox(watchedId, read.box);
    members.add(annotation, image, read);
    const categoryId = categoryIdOf(annotation);
    const definedId = pass.categories.definedId(categoryId);
    // Most annotations write both ids as their records do.
    if (imageId !== image.id || categoryId !== definedId) {
      rewritten.add({ image_id: [imageId, image.id], category_id: [categoryId, definedId] });
    }
    if (read.beside) compared += 1;
    if (read.beside === 'tied') tied += 1;
  });
  return {
    ...{ orphans, orphanIds: firstOf(orphanIds), undefinedIds: firstOf(undefinedIds) },
    faults: faults.list,
    ...{ compared, tied },
    idDoubts: [...ids.doubts, ...watch.doubts],
    ...{ idReading: ids.shown, twofoldIds: ids.twofoldIds },
    ...{ rewritten: rewritten.found, contradicting: members.contradicting },
  };
}

const missing = (value: unknown, member: 'image_id' | 'category_id') =>
  (asRecord(value)[member] ?? undefined) === undefined ? faultOf(value, member) : undefined;

const firstOf = (ids: ReadonlySet<string>) => [...ids].sort(byCodePoint).slice(0, MAX_EXAMPLES);

/** Bounds a set to its smallest members, which are the same in any order of the file. */
const smallest = (ids: Set<string>) =>
  ids.size <= 100 * MAX_EXAMPLES ? ids : new Set([...ids].sort(byCodePoint).slice(0, MAX_EXAMPLES));

function addAnnotation(image: DraftImage, read: ReadAnnotation, mark: string | undefined): void {
  if ('dropped' in read) {
    image.dropped = counted(image.dropped, read.dropped);
    if ('unusable' in read) addBadBox(image, read.dropped, read.unusable);
    return;
  }
  image.boxes.push(read.box);
  if (read.ofShape) image.ofShapes += 1;
  if (read.turned) image.turned += 1;
  if (read.unturned) image.unturned += 1;
  if (mark !== undefined) image.marked = counted(image.marked, mark);
  if (read.note) addNote(image, read.note);
}

function addNote(image: DraftImage, note: BoxNote): void {
  if ('disagrees' in note) image.disagreeing += 1;
  else if ('converted' in note) image.converted = counted(image.converted, note.converted);
  else if ('shapeRead' in note) image.shapesRead = counted(image.shapesRead, note.shapeRead);
  else if (note.isSwapped) image.swapped += 1;
  else image.fromShapes = counted(image.fromShapes, note.fromShape);
}

/** Keeps the smallest text, which is the same in any order of the file. */
function addBadBox(image: DraftImage, reason: string, text: string): void {
  const known = image.badBoxes[reason];
  if (known !== undefined && byCodePoint(text, known) >= 0) return;
  image.badBoxes = { ...image.badBoxes, [reason]: text };
}

/** The counts with one more under `key`. */
const counted = (
  counts: Readonly<Record<string, number>>,
  key: string,
): Readonly<Record<string, number>> => ({
  ...counts,
  [key]: (counts[key] ?? 0) + 1,
});
