/** Boxes and keypoints that annotations have beside the bbox, and whether they mark another place. */

import type { JsonRecord } from '../../lib/json-records.js';
import { toNumber } from '../../lib/numbers.js';
import type { Bbox } from '../model/box-conventions.js';
import { areApart, type Convention, conventionNamed, type Frame } from './conventions.js';
import { statedBox } from './stated-box.js';

const TOP_LEFT = '[left, top, width, height]';
const CORNERS = 'corners [left, top, right, bottom]';
const CENTRE = 'centre [x, y, width, height]';

const inUnit = (unit: string, ...forms: readonly string[]): readonly Convention[] =>
  forms.map((form) => conventionNamed(form, unit)).filter((one) => one !== undefined);

const FRACTIONS = inUnit('fractions of the image size', TOP_LEFT, CORNERS, CENTRE);

/** The ways in which the box of a member may be written, by the name of the member. */
const BOX_MEMBERS: Readonly<Record<string, readonly Convention[]>> = {
  bbox_xyxy: inUnit('pixels', CORNERS),
  bbox_ltrb: inUnit('pixels', CORNERS),
  bbox_xywh: inUnit('pixels', TOP_LEFT, CENTRE),
  bbox_ltwh: inUnit('pixels', TOP_LEFT),
  bbox_cxcywh: inUnit('pixels', CENTRE),
  bbox_normalized: FRACTIONS,
  bbox_normalised: FRACTIONS,
  bbox_norm: FRACTIONS,
  bbox_relative: FRACTIONS,
  bbox_rel: FRACTIONS,
  normalized_bbox: FRACTIONS,
};
const MEMBERS = Object.keys(BOX_MEMBERS);

/** Returns the first other box of an annotation, and whether it marks another place; undefined if there is none. */
export function otherBoxMember(
  annotation: JsonRecord,
  box: Bbox,
  frame: Frame,
): { readonly member: string; readonly isContradicting: boolean } | undefined {
  const member = MEMBERS.find((name) => annotation[name] !== undefined);
  const stated = member === undefined ? undefined : statedBox(annotation[member]);
  if (member === undefined || !stated) return undefined;
  const usable = (BOX_MEMBERS[member] ?? [])
    .map((one) => one.read(stated, frame))
    .filter((other) => other !== undefined && other[2] > 0 && other[3] > 0);
  if (usable.length === 0) return undefined;
  return { member, isContradicting: usable.every((other) => other && areApart(other, box)) };
}

/** Minimum visible keypoints: a single one may be outside the part of the object that the box surrounds. */
const MIN_POINTS = 2;
/** Share of a side by which visible keypoints may lie outside their box. */
const MARGIN = 0.1;

/**
 * Whether more than half of the visible keypoints lie outside the box. Undefined if there are too few, or if they are
 * fractions of the image size.
 */
export function isAsideOfKeypoints(
  keypoints: unknown,
  [left, top, width, height]: Bbox,
): boolean | undefined {
  if (!Array.isArray(keypoints) || keypoints.length < 3 * MIN_POINTS || keypoints.length % 3 !== 0) {
    return undefined;
  }
  const numbers = keypoints.map(toNumber);
  let [visible, outside, areFractions] = [0, 0, true];
  for (let i = 0; i < numbers.length; i += 3) {
    const [x, y, visibility] = numbers.slice(i, i + 3);
    if (x === undefined || y === undefined || visibility === undefined || visibility <= 0) continue;
    visible += 1;
    if (x > 1 || y > 1) areFractions = false;
    const isIn = (value: number, start: number, side: number) =>
      value >= start - MARGIN * side - 1 && value <= start + side + MARGIN * side + 1;
    if (!isIn(x, left, width) || !isIn(y, top, height)) outside += 1;
  }
  return visible < MIN_POINTS || areFractions ? undefined : outside > visible / 2;
}
