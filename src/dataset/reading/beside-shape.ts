import type { JsonRecord } from '../../lib/json-records.js';
import type { Bbox } from '../model/box-conventions.js';
import { areApart, isClose } from './conventions.js';
import type { Verdict } from './evidence.js';
import { type Explanations, explain, type Observed, type Right, rightOf } from './explanations.js';
import { OF_OTHER_VERSION } from './outdated.js';
import { type BoxNote, boxOf, type ReadBox, type Reading, rotatedBox, usable } from './read-box.js';
import {
  changesBounds,
  isRectangle,
  isRotated,
  isStatedRotated,
  otherAngle,
  rotationOf,
  turnedBounds,
} from './rotation.js';
import { circleBox, circleNote } from './shape-alone.js';
import type { Shape } from './shapes.js';
import { isTie } from './ties.js';

/** A bbox with a shape beside it. */
export function besideShape(observed: Observed, shape: Shape, reading: Reading): ReadBox {
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
