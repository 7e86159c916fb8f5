import { toNumber } from '../../lib/numbers.js';
import { OF_TWO_POINTS, PERHAPS_CIRCLE } from './circles.js';
import type { Verdict } from './evidence.js';
import { type BoxNote, boxOf, isGiven, type ReadBox, type Reading, usable } from './read-box.js';
import type { Shape } from './shapes.js';
import { areZerosNoPoints, FILLED_UP } from './zero-tails.js';

/** A shape without a usable bbox. */
export function shapeAlone(shape: Shape, { annotation, label, frame, context }: Reading): ReadBox {
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
export function circleNote({ circle }: Shape, { circles }: Verdict): BoxNote | undefined {
  if (!circle || !circles.arePossible) return undefined;
  return circles.areShown ? { fromShape: OF_TWO_POINTS } : { shapeRead: PERHAPS_CIRCLE };
}

/** The box around the circle of two points, or between the points if nothing shows that they are a circle. */
export function circleBox(note: BoxNote, { circle, bounds }: Shape, label: string): ReadBox {
  const box = boxOf(label, 'fromShape' in note ? (circle ?? bounds) : bounds);
  return { box, ofShape: true, beside: 'compared', note };
}
