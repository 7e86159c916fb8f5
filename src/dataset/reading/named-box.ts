/** A bbox as an object whose member names say what its four numbers mean. */

import { asRecord } from '../../lib/json-records.js';
import type { Bbox } from '../model/box-conventions.js';
import { statedNumber } from './annotation-text.js';
import { isClose } from './conventions.js';

type ToCoco = (a: number, b: number, c: number, d: number) => Bbox;
type Pair = readonly [x: string, y: string];

const sized: ToCoco = (left, top, width, height) => [left, top, width, height];
const corners: ToCoco = (left, top, right, bottom) => [left, top, right - left, bottom - top];
const centred: ToCoco = (x, y, width, height) => [x - width / 2, y - height / 2, width, height];

/** The names of the first corner, and of the last one if they are a pair. Names are compared without case and `_`. */
const CORNERS: readonly (readonly [first: Pair, last?: Pair])[] = [
  [['x', 'y']],
  [
    ['left', 'top'],
    ['right', 'bottom'],
  ],
  [
    ['xmin', 'ymin'],
    ['xmax', 'ymax'],
  ],
  [
    ['minx', 'miny'],
    ['maxx', 'maxy'],
  ],
  [
    ['x0', 'y0'],
    ['x1', 'y1'],
  ],
  [
    ['x1', 'y1'],
    ['x2', 'y2'],
  ],
  [
    ['startx', 'starty'],
    ['endx', 'endy'],
  ],
  [
    ['topleftx', 'toplefty'],
    ['bottomrightx', 'bottomrighty'],
  ],
];
const CENTRES: readonly Pair[] = [
  ['cx', 'cy'],
  ['xc', 'yc'],
  ['xcenter', 'ycenter'],
  ['centerx', 'centery'],
  ['xcentre', 'ycentre'],
  ['centrex', 'centrey'],
];
const SIZES: readonly Pair[] = [
  ['width', 'height'],
  ['w', 'h'],
];

const MEMBERS: readonly (readonly [names: readonly string[], toCoco: ToCoco])[] = [
  ...CORNERS.flatMap(([first, last]): (readonly [readonly string[], ToCoco])[] => [
    ...SIZES.map((size) => [[...first, ...size], sized] as const),
    ...(last ? [[[...first, ...last], corners] as const] : []),
  ]),
  ...CENTRES.flatMap((centre) => SIZES.map((size) => [[...centre, ...size], centred] as const)),
];

/** Returns the bbox of an object, or undefined if its members have no known names or contradict each other. */
export function namedBox(value: unknown): Bbox | undefined {
  const fields = new Map(fieldsOf(value));
  const [first, ...others] = MEMBERS.flatMap(([names, toCoco]) => {
    const [a, b, c, d] = names.map((name) => statedNumber(fields.get(name)));
    return a === undefined || b === undefined || c === undefined || d === undefined
      ? []
      : [toCoco(a, b, c, d)];
  });
  return first && others.every((other) => isClose(other, first)) ? first : undefined;
}

/** The members by plain name; those of a point such as `topLeft: {x, y}` as `topleftx` and `toplefty`. */
const fieldsOf = (value: unknown): (readonly [name: string, value: unknown])[] =>
  Object.entries(asRecord(value)).flatMap(([name, one]) =>
    typeof one === 'object' && one !== null
      ? pointOf(one).map(([axis, number]) => [`${plain(name)}${axis}`, number] as const)
      : [[plain(name), one] as const],
  );

/** The coordinates of a point as an object or as a pair. */
const pointOf = (value: object): (readonly [axis: string, value: unknown])[] =>
  Array.isArray(value)
    ? value.length === 2
      ? ['x', 'y'].map((axis, i) => [axis, value[i] as unknown] as const)
      : []
    : Object.entries(value).map(([axis, number]) => [plain(axis), number] as const);

const plain = (name: string): string => name.toLowerCase().replaceAll('_', '');
