import { asRecord, type JsonRecord } from '../../lib/json-records.js';
import { toNumber } from '../../lib/numbers.js';
import type { Bbox } from '../model/box-conventions.js';
import { isClose } from './conventions.js';

/**
 * The angle in degrees that CVAT and Datumaro write as an attribute: the bbox is stated before rotation, clockwise about
 * its centre. 0 if there is none.
 */
export const rotationOf = ({ attributes }: JsonRecord): number =>
  toNumber(asRecord(attributes).rotation) ?? 0;

/**
 * The angle beside the bbox, whose meaning differs between tools: Label Studio rotates about the upper left corner,
 * FastLabel states a bbox that is already rotated, others use radians. 0 if there is none, or a whole turn.
 */
export function otherAngle(annotation: JsonRecord): number {
  if (rotationOf(annotation) !== 0) return 0;
  const { rotation, angle, theta } = annotation;
  return (
    [rotation, angle, theta].map((value) => toNumber(value) ?? 0).find((value) => value % 360 !== 0) ?? 0
  );
}

/** Whether a shape is the bbox rotated by the angle: in degrees or radians, about the centre or the upper left corner. */
export function isRotated(bbox: Bbox, angle: number, shape: Bbox): boolean {
  return [angle, (angle * 180) / Math.PI].some(
    (degrees) => isClose(turnedBounds(bbox, degrees), shape) || isClose(aboutCorner(bbox, degrees), shape),
  );
}

/** Whether an angle changes the bounds of a box that is rotated about its centre. */
export const changesBounds = (degrees: number): boolean => degrees % 180 !== 0;

/** Whether the annotation states any rotation that moves its box. */
export const isStatedRotated = (annotation: JsonRecord): boolean =>
  changesBounds(rotationOf(annotation)) || otherAngle(annotation) !== 0;

/** Whether a segmentation is one polygon whose points are corners of the bbox. */
export function isRectangle(segmentation: unknown, [left, top, width, height]: Bbox): boolean {
  if (!Array.isArray(segmentation)) return false;
  const numbers = segmentation.flat(2).map(toNumber);
  const isOn = (value: number | undefined, edges: readonly number[]) =>
    value !== undefined && edges.some((edge) => Math.abs(value - edge) <= 1);
  return numbers.every((value, i) => isOn(value, i % 2 === 0 ? [left, left + width] : [top, top + height]));
}

/** Returns the bounds of the box turned clockwise by `degrees` about its centre. */
export function turnedBounds([x, y, width, height]: Bbox, degrees: number): Bbox {
  const angle = (degrees * Math.PI) / 180;
  const [cos, sin] = [Math.abs(Math.cos(angle)), Math.abs(Math.sin(angle))];
  const turnedWidth = round(width * cos + height * sin);
  const turnedHeight = round(width * sin + height * cos);
  return [
    round(x + (width - turnedWidth) / 2),
    round(y + (height - turnedHeight) / 2),
    turnedWidth,
    turnedHeight,
  ];
}

/** Returns the bounds of the box turned clockwise by `degrees` about its upper left corner. */
function aboutCorner([x, y, width, height]: Bbox, degrees: number): Bbox {
  const angle = (degrees * Math.PI) / 180;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const left = Math.min(0, width * cos) + Math.min(0, -height * sin);
  const top = Math.min(0, width * sin) + Math.min(0, height * cos);
  const [, , turnedWidth, turnedHeight] = turnedBounds([x, y, width, height], degrees);
  return [round(x + left), round(y + top), turnedWidth, turnedHeight];
}

/** Removes the error of sine and cosine, so that a quarter turn gives whole pixels. */
const round = (value: number) => Math.round(value * 1e6) / 1e6;
