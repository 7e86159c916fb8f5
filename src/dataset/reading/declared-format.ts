/** The convention that a COCO file declares for its boxes, such as `"bbox_format": "xyxy"`. COCO itself has no such member. */

import { asRecord, type JsonRecord } from '../../lib/json-records.js';
import { shortJson } from '../../lib/short-json.js';
import { type Convention, conventionNamed } from './conventions.js';

/** What a file or an annotation says about its bbox. */
export interface DeclaredFormat {
  /** The member as it is written, such as `bbox_mode 0`. */
  readonly text: string;
  /** Undefined if the value is not known. */
  readonly convention: Convention | undefined;
  /** Whether it declares Detectron2's rotated boxes of five numbers. */
  readonly isRotated: boolean;
}

const SUBJECTS = ['bbox', 'box'] as const;
const ASPECTS = ['format', 'mode', 'type', 'convention'] as const;

/** In the order in which they are looked up: bbox_format, bboxFormat, … */
const MEMBERS: readonly string[] = SUBJECTS.flatMap((subject) =>
  ASPECTS.flatMap((aspect) => [
    `${subject}_${aspect}`,
    `${subject}${aspect.charAt(0).toUpperCase()}${aspect.slice(1)}`,
  ]),
);
const KNOWN_MEMBERS: ReadonlySet<string> = new Set(MEMBERS);

/** Whether a member of this name declares how boxes are written. */
export const declaresFormat = (member: string): boolean => KNOWN_MEMBERS.has(member);

/** Values of Detectron2's BoxMode; the last one is a rotated box of five numbers. */
const ROTATED = 'xywhaabs';
const BOX_MODES = ['xyxyabs', 'xywhabs', 'xyxyrel', 'xywhrel', ROTATED];

const FORMS: Readonly<Record<string, string>> = {
  xywh: '[left, top, width, height]',
  ltwh: '[left, top, width, height]',
  coco: '[left, top, width, height]',
  xyxy: 'corners [left, top, right, bottom]',
  ltrb: 'corners [left, top, right, bottom]',
  x1y1x2y2: 'corners [left, top, right, bottom]',
  xminyminxmaxymax: 'corners [left, top, right, bottom]',
  voc: 'corners [left, top, right, bottom]',
  pascalvoc: 'corners [left, top, right, bottom]',
  yxyx: 'corners [top, left, bottom, right]',
  y1x1y2x2: 'corners [top, left, bottom, right]',
  yminxminymaxxmax: 'corners [top, left, bottom, right]',
  cxcywh: 'centre [x, y, width, height]',
  xcycwh: 'centre [x, y, width, height]',
  ccwh: 'centre [x, y, width, height]',
  centerxywh: 'centre [x, y, width, height]',
};

/** Names that say the unit too. */
const WHOLE_NAMES: Readonly<Record<string, readonly [form: string, unit: string]>> = {
  yolo: ['centre [x, y, width, height]', 'fractions of the image size'],
  albumentations: ['corners [left, top, right, bottom]', 'fractions of the image size'],
  // Without the letter for fractions, XYWH is another form in the same tool.
  xyxyn: ['corners [left, top, right, bottom]', 'fractions of the image size'],
};

const UNITS: readonly (readonly [name: RegExp, unit: string])[] = [
  [/abs(?:olute)?|pixels?|px/, 'pixels'],
  [/percent(?:age)?|pct/, 'percent'],
  [/rel(?:ative)?|normali[sz]ed|norm|fractions?/, 'fractions of the image size'],
];

/** The first member of a record that says how boxes are written; undefined if there is none. */
export function formatIn(record: JsonRecord): DeclaredFormat | undefined {
  for (const member of MEMBERS) {
    const value = record[member];
    if (value === undefined || value === null || value === '') continue;
    const name = plainName(member, value);
    const text = `${member} ${shortJson(value)}`;
    return { text, convention: conventionOf(name), isRotated: name === ROTATED };
  }
  return undefined;
}

/** The format that a file declares at its top level, or else in `info`. */
export const formatOfFile = (top: JsonRecord, info: unknown): DeclaredFormat | undefined =>
  formatIn(top) ?? formatIn(asRecord(info));

/** The value in lower case, without signs; a number of Detectron2's BoxMode by its name. */
function plainName(member: string, value: unknown): string {
  const isMode = /mode$/i.test(member) && /^[0-4]$/.test(String(value));
  const text = isMode ? (BOX_MODES[Number(value)] ?? '') : String(value);
  return text
    .toLowerCase()
    .replace(/^boxmode\./, '')
    .replace(/centre/g, 'center')
    .replace(/[^a-z0-9%]/g, '')
    .replace(/%/g, 'percent');
}

function conventionOf(plain: string): Convention | undefined {
  const whole = WHOLE_NAMES[plain];
  if (whole) return conventionNamed(...whole);
  const [, unit] = UNITS.find(([name]) => name.test(plain)) ?? [/$/, 'pixels'];
  const form = FORMS[UNITS.reduce((rest, [name]) => rest.replace(name, ''), plain)];
  return form === undefined ? undefined : conventionNamed(form, unit);
}
