import { idOf, type JsonRecord } from '../../lib/json-records.js';
import { toNumber } from '../../lib/numbers.js';
import { shortJson } from '../../lib/short-json.js';
import type { Bbox } from '../model/box-conventions.js';
import type { ReadingSettings } from '../model/settings.js';
import type { SourceBox } from '../model/types.js';
import type { Categories } from './categories.js';
import { OF_TWO_POINTS, PERHAPS_CIRCLE } from './circles.js';
import { areApart, type Frame, isClose } from './conventions.js';
import { type DeclaredFormat, formatIn } from './declared-format.js';
import type { Evidence, Verdict } from './evidence.js';
import { type Explanations, explain, type Observed, type Right, rightOf } from './explanations.js';
import { hasLeftPicture, isCrowd, isDeleted } from './marks.js';
import { isMirrored } from './mirrored.js';
import { OF_OTHER_VERSION } from './outdated.js';
import { repeatsBbox } from './repeated-bbox.js';
import { ROTATED_BBOX, rotatedBounds } from './rotated-bbox.js';
import {
  changesBounds,
  isRectangle,
  isRotated,
  isStatedRotated,
  otherAngle,
  rotationOf,
  turnedBounds,
} from './rotation.js';
import { type Shape, shapeOf } from './shapes.js';
import { statedBox } from './stated-box.js';
import { isTie } from './ties.js';
import { boxBetween, TWO_CORNERS } from './two-points.js';
import { areZerosNoPoints, FILLED_UP } from './zero-tails.js';

/** What is unusual about a box, for findings. */
export type BoxNote =
  /** The bounds of the shape were used. The text is what the bbox is instead of these. */
  | { readonly fromShape: string; readonly isSwapped?: boolean }
  /** There is no shape; the bbox was read in the convention that the COCO file shows. */
  | { readonly converted: string }
  /** The shape is written in the way that the text says: the bbox was used, or else the bounds in that reading. */
  | { readonly shapeRead: string }
  /** Bbox and shape mark different places; the bbox was used. */
  | { readonly disagrees: true };

/** An annotation with a usable box. */
export interface ReadBox {
  readonly box: SourceBox;
  readonly note?: BoxNote;
  /** Whether the rotation that the annotation states was applied, though no shape shows it. */
  readonly turned?: boolean;
  /** Whether the annotation states a rotation that was not applied, since nothing shows its meaning. */
  readonly unturned?: boolean;
  /** Whether the annotation has both a bbox and a shape, and whether either could be right. */
  readonly beside?: 'compared' | 'tied';
  /** Whether the box is the bounds of the shape. */
  readonly ofShape?: boolean;
}

export type ReadAnnotation =
  | ReadBox
  | { readonly dropped: 'unknown-category' | 'deleted' | 'crowd' | 'panoptic' }
  /** `unusable` shows the value that cannot be used. */
  | { readonly dropped: 'invalid-box' | 'empty-box'; readonly unusable: string };

/** No image has that many pixels per side; sums and areas of smaller numbers stay finite. */
const MAX_COORDINATE = 1e9;

/** What an annotation is read with. */
export interface AnnotationContext {
  readonly categories: Categories;
  readonly settings: ReadingSettings;
  /** How the file declares that boxes are written; an annotation may declare it itself. */
  readonly format: DeclaredFormat | undefined;
  readonly verdict: Verdict;
  readonly evidence: Evidence;
  /** Whether image records of the file have members of Azure. */
  readonly isOfAzure: boolean;
  /** Begins the ids of images in `evidence`. */
  readonly scope: string;
}

/** The size and the id of the image record that the annotation refers to. */
interface RecordFrame extends Frame {
  readonly id: string;
}

/** An annotation with its label, size of the image record, and context. */
interface Reading {
  readonly context: AnnotationContext;
  readonly annotation: JsonRecord;
  readonly label: string;
  readonly frame: RecordFrame;
}

/**
 * Reads the box of a COCO annotation. Its bbox is used, or the bounds of its polygon or mask if the bbox is missing,
 * cannot be read, or is the same box in another convention. What the annotation shows is added to `evidence`.
 */
export function readAnnotation(
  annotation: JsonRecord,
  context: AnnotationContext,
  frame: RecordFrame,
): ReadAnnotation {
  if (isDeleted(annotation) || hasLeftPicture(annotation)) return { dropped: 'deleted' };
  if (Array.isArray(annotation.segments_info)) return { dropped: 'panoptic' };
  const label = context.categories.labelOf(categoryIdOf(annotation) ?? '');
  if (label === undefined) return { dropped: 'unknown-category' };
  if (!context.settings.keepCrowd && isCrowd(annotation)) return { dropped: 'crowd' };
  const stated = statedBox(annotation.bbox);
  const { segmentation } = annotation;
  const shape = repeatsBbox(segmentation, stated) ? undefined : shapeOf(segmentation);
  const reading = { context, annotation, label, frame };
  const usableShape = shape && usable(shape.bounds) ? shape : undefined;
  const bbox = usable(stated);
  if (!bbox) {
    return usableShape
      ? shapeAlone(usableShape, reading)
      : (declaredRotated(reading) ?? twoCorners(reading) ?? mirrored(stated, reading));
  }
  const observed = { bbox, frame, area: toNumber(annotation.area) };
  context.evidence.addFractions(observed, usableShape, context.isOfAzure);
  return (
    inFractions(observed, reading) ??
    (usableShape ? besideShape(observed, usableShape, reading) : bboxAlone(observed, reading))
  );
}

/** A bbox in fractions, if all boxes of the file are. */
function inFractions({ bbox, frame }: Observed, { label, context }: Reading): ReadBox | undefined {
  const { fractions } = context.verdict;
  const box = usable(fractions?.read(bbox, frame));
  return fractions && box && { box: boxOf(label, box), note: { converted: fractions.name } };
}

/** A shape without a usable bbox. */
function shapeAlone(shape: Shape, { annotation, label, frame, context }: Reading): ReadBox {
  context.evidence.addShape(context.scope + frame.id, shape, frame);
  const other = context.verdict.shapes.readingOf(shape, frame);
  const bounds = usable(other?.bounds);
  if (other && bounds) {
    return { box: boxOf(label, bounds), ofShape: true, note: { shapeRead: other.name } };
  }
  const circle = circleNote(shape, context.verdict);
  if (circle) return circleBox(circle, shape, label);
  const { filledUp } = shape;
  if (filledUp && areZerosNoPoints(filledUp, toNumber(annotation.area) ?? 0)) {
    return { box: boxOf(label, filledUp.bounds), ofShape: true, note: { shapeRead: FILLED_UP } };
  }
  const note = isGiven(annotation.bbox) ? { note: { fromShape: 'not readable' } } : {};
  return { box: boxOf(label, shape.bounds), ofShape: true, ...note };
}

/** What is unusual about a polygon of two points; undefined if it cannot be a circle. */
function circleNote({ circle }: Shape, { circles }: Verdict): BoxNote | undefined {
  if (!circle || !circles.arePossible) return undefined;
  return circles.areShown ? { fromShape: OF_TWO_POINTS } : { shapeRead: PERHAPS_CIRCLE };
}

/** The box around the circle of two points, or between the points if nothing shows that they are a circle. */
function circleBox(note: BoxNote, { circle, bounds }: Shape, label: string): ReadBox {
  const box = boxOf(label, 'fromShape' in note ? (circle ?? bounds) : bounds);
  return { box, ofShape: true, beside: 'compared', note };
}

/** A bbox without a shape. */
function bboxAlone(observed: Observed, reading: Reading): ReadAnnotation {
  const { annotation, label, frame, context } = reading;
  const { bbox } = observed;
  const format = formatIn(annotation) ?? context.format;
  context.evidence.addBox(context.scope + frame.id, observed, format);
  const isRepeated = repeatsBbox(annotation.segmentation, bbox);
  if (isRepeated) context.evidence.addRepeated(bbox, frame);
  const { areas, declared, repeated, shown } = context.verdict;
  const convention =
    declared.conventionOf(format) ??
    areas.conventionOf(context.scope + frame.id, observed) ??
    (isRepeated ? repeated.convention : undefined) ??
    shown;
  if (convention === undefined || convention === 'coco') {
    const box = rotatedBox(bbox, reading);
    if (box) return { box, turned: true };
    return { box: boxOf(label, bbox), unturned: isStatedRotated(annotation) };
  }
  const unturned = otherAngle(annotation) !== 0;
  const converted = usable(convention.read(bbox, frame));
  return converted
    ? { box: boxOf(label, converted), note: { converted: convention.name }, unturned }
    : { dropped: 'invalid-box', unusable: describe(annotation) };
}

/** A bbox of five numbers that is declared as a rotated box, without a shape. */
function declaredRotated({ annotation, label, context }: Reading): ReadBox | undefined {
  const bounds = usable(rotatedBounds(annotation.bbox, formatIn(annotation) ?? context.format));
  return bounds && { box: boxOf(label, bounds), note: { converted: ROTATED_BBOX } };
}

/** A bbox of two points, if the file shows that they are corners, without a shape. */
function twoCorners({ annotation, label, frame, context }: Reading): ReadBox | undefined {
  context.evidence.addUnread(annotation.bbox, frame);
  const box = context.verdict.points.areCorners ? usable(boxBetween(annotation.bbox)) : undefined;
  return box && { box: boxOf(label, box), note: { converted: TWO_CORNERS } };
}

/** A bbox without area, or none, without a shape. */
function mirrored(stated: Bbox | undefined, { annotation, label, frame, context }: Reading): ReadAnnotation {
  if (!stated?.every(isInRange)) return { dropped: 'invalid-box', unusable: describe(annotation) };
  if (isMirrored(stated)) {
    context.evidence.addMirrored(stated, frame);
    const { mirrored: reading } = context.verdict;
    if (reading) return { box: boxOf(label, reading.read(stated)), note: { converted: reading.name } };
  }
  return { dropped: 'empty-box', unusable: describe(annotation) };
}

/** A bbox with a shape beside it. */
function besideShape(observed: Observed, shape: Shape, reading: Reading): ReadBox {
  const { annotation, label, frame, context } = reading;
  const { bbox } = observed;
  const ofShape = (note?: BoxNote): ReadBox => ({
    ...{ box: boxOf(label, shape.bounds), ofShape: true, beside: 'compared' },
    ...(note ? { note } : {}),
  });
  if (isRotatedTo(annotation, bbox, shape.bounds)) return ofShape();
  const explanations = explain(observed, shape);
  context.evidence.addBoth(context.scope + frame.id, observed, shape, explanations);
  const circle = explanations.agree ? circleNote(shape, context.verdict) : undefined;
  if (circle) return circleBox(circle, shape, label);
  const placeholder = explanations.agree ? undefined : context.verdict.placeholders.nameOf(bbox, frame);
  if (placeholder !== undefined) {
    const bounds = usable(context.verdict.shapes.readingOf(shape, frame)?.bounds) ?? shape.bounds;
    return { ...ofShape({ fromShape: placeholder }), box: boxOf(label, bounds) };
  }
  const right = rightByAll(observed, shape, explanations, context.verdict);
  if (right === 'shape') {
    const [convention = { name: OF_OTHER_VERSION, swapped: false }] = explanations.conventions;
    return ofShape({ fromShape: convention.name, isSwapped: convention.swapped });
  }
  if (right === 'bbox') {
    const [read = { name: OF_OTHER_VERSION }] = explanations.readings;
    return { box: boxOf(label, bbox), beside: 'compared', note: { shapeRead: read.name } };
  }
  if (isTie(explanations)) return { box: boxOf(label, bbox), beside: 'tied', note: { disagrees: true } };
  return bboxKept(observed, shape, reading, explanations);
}

/** The bbox of an annotation whose shape has no other explanation than another place or inaccuracy. */
function bboxKept(observed: Observed, shape: Shape, reading: Reading, { agree }: Explanations): ReadBox {
  const { annotation, label, context } = reading;
  const { bbox } = observed;
  // The polygon of a rectangle that was rotated may be stated before rotation too.
  if (isRectangle(annotation.segmentation, bbox)) {
    const box = rotatedBox(bbox, reading);
    if (box) return { box, turned: true, beside: 'compared' };
  }
  // A shape of another kind with the same bounds shows that the bbox is already rotated.
  const unturned =
    isStatedRotated(annotation) &&
    (isRectangle(annotation.segmentation, bbox) || !isClose(bbox, shape.bounds));
  const read = { box: boxOf(label, bbox), beside: 'compared', unturned } as const;
  if (agree || !areApart(bbox, shape.bounds)) return read;
  context.evidence.addContradiction(observed, shape);
  return { ...read, note: { disagrees: true } };
}

/** The box around the rectangle that CVAT's angle rotates; undefined without an angle, or if the file denies angles. */
function rotatedBox(bbox: Bbox, { annotation, label, frame, context }: Reading): SourceBox | undefined {
  const degrees = rotationOf(annotation);
  context.evidence.addRotation(bbox, degrees, frame);
  if (!changesBounds(degrees) || context.verdict.rotations.isDenied) return undefined;
  return boxOf(label, turnedBounds(bbox, degrees));
}

/** Whether a shape is the bbox after the rotation that the annotation states. */
function isRotatedTo(annotation: JsonRecord, bbox: Bbox, bounds: Bbox): boolean {
  const degrees = rotationOf(annotation);
  // The polygon has the corners of the rotated rectangle, whose bbox is stated before rotation.
  if (changesBounds(degrees) && isClose(turnedBounds(bbox, degrees), bounds)) return true;
  const angle = otherAngle(annotation);
  return angle !== 0 && !isClose(bbox, bounds) && isRotated(bbox, angle, bounds);
}

/** Which of bbox and shape is right; undefined if either may be, or if nothing explains their difference. */
function rightByAll(
  observed: Observed,
  shape: Shape,
  explanations: Explanations,
  { ties, upToDate }: Verdict,
): Right | undefined {
  if (explanations.isUnexplained && upToDate) return upToDate;
  if (isTie(explanations)) return rightOf(observed, shape) ?? ties.decide(explanations);
  if (explanations.conventions.length > 0) return 'shape';
  return explanations.readings.length > 0 ? 'bbox' : undefined;
}

const boxOf = (label: string, [x, y, width, height]: Bbox): SourceBox => ({ label, x, y, width, height });

/** The bbox of an annotation without a usable box as text, and its segmentation if it has one. */
function describe({ bbox, segmentation }: JsonRecord): string {
  const isEmpty = segmentation === undefined || segmentation === null || isEmptyList(segmentation);
  return `bbox ${shortJson(bbox)}${isEmpty ? '' : `, segmentation ${shortJson(segmentation)}`}`;
}

/** The id of the category of an annotation, or its name, which some exporters write instead; undefined without either. */
export function categoryIdOf({
  category_name: name,
  category_id: id = name,
}: JsonRecord): string | undefined {
  return idOf(singleOf(id));
}

/** Some exporters write one id as a list. */
const singleOf = (value: unknown): unknown =>
  Array.isArray(value) && value.length === 1 ? (value[0] as unknown) : value;

const isEmptyList = (value: unknown) => Array.isArray(value) && value.length === 0;
const isGiven = (bbox: unknown) => bbox !== undefined && bbox !== null && !isEmptyList(bbox);
const isInRange = (value: number) => Math.abs(value) <= MAX_COORDINATE;

/** The box if its numbers are finite and it has an area. */
function usable(box: Bbox | undefined): Bbox | undefined {
  return box?.every(isInRange) && box[2] > 0 && box[3] > 0 ? box : undefined;
}
