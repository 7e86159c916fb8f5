import type { JsonRecord } from '../../lib/json-records.js';
import { shortJson } from '../../lib/short-json.js';
import type { Bbox } from '../model/box-conventions.js';
import { formatIn } from './declared-format.js';
import type { Observed } from './explanations.js';
import { isMirrored } from './mirrored.js';
import {
  boxOf,
  isGiven,
  isInRange,
  type ReadAnnotation,
  type ReadBox,
  type Reading,
  rotatedBox,
  usable,
} from './read-box.js';
import { repeatsBbox } from './repeated-bbox.js';
import { ROTATED_BBOX, rotatedBounds } from './rotated-bbox.js';
import { isStatedRotated, otherAngle } from './rotation.js';
import { boxBetween, TWO_CORNERS } from './two-points.js';

/** A bbox without a shape. */
export function bboxAlone(observed: Observed, reading: Reading): ReadAnnotation {
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
export function declaredRotated({ annotation, label, context }: Reading): ReadBox | undefined {
  const bounds = usable(rotatedBounds(annotation.bbox, formatIn(annotation) ?? context.format));
  return bounds && { box: boxOf(label, bounds), note: { converted: ROTATED_BBOX } };
}

/** A bbox of two points, if the file shows that they are corners, without a shape. */
export function twoCorners({ annotation, label, frame, context }: Reading): ReadBox | undefined {
  context.evidence.addUnread(annotation.bbox, frame);
  const box = context.verdict.points.areCorners ? usable(boxBetween(annotation.bbox)) : undefined;
  return box && { box: boxOf(label, box), note: { converted: TWO_CORNERS } };
}

/** A bbox without area, or none, without a shape. */
export function mirrored(
  stated: Bbox | undefined,
  { annotation, label, frame, context }: Reading,
): ReadAnnotation {
  if (!stated?.every(isInRange)) return { dropped: 'invalid-box', unusable: describe(annotation) };
  if (isMirrored(stated)) {
    context.evidence.addMirrored(stated, frame);
    const { mirrored: reading } = context.verdict;
    if (reading) return { box: boxOf(label, reading.read(stated)), note: { converted: reading.name } };
  }
  return { dropped: 'empty-box', unusable: describe(annotation) };
}

/** The bbox of an annotation without a usable box as text, and its segmentation if it has one. */
function describe({ bbox, segmentation }: JsonRecord): string {
  return `bbox ${shortJson(bbox)}${isGiven(segmentation) ? `, segmentation ${shortJson(segmentation)}` : ''}`;
}
