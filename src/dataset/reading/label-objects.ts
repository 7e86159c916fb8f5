/** The objects in label files of one image, in formats that are not COCO. Such files are only compared with COCO. */

import { groupBy } from '../../lib/group-by.js';
import { parseJsonHead } from '../../lib/json-head.js';
import { asRecord } from '../../lib/json-records.js';
import { toNumber } from '../../lib/numbers.js';
import type { Bbox } from '../model/box-conventions.js';
import { polygonBox } from './polygons.js';

/** Left, top, right and bottom as fractions of the image. */
export type Edges = readonly [left: number, top: number, right: number, bottom: number];

/** An object in a label file. */
export interface LabelObject {
  /** The name of its class, or the number if the format has no names. */
  readonly class: { readonly name: string | undefined } | { readonly number: string };
  /** Undefined if the size of the image or the kind of shape does not tell it. */
  readonly edges: Edges | undefined;
}

/** Reads the objects of a file; undefined if the text is cut off or has objects whose boxes cannot be counted. */
export type ReadObjects = (text: string) => readonly LabelObject[] | undefined;

/** Shapes of labelme that are one box each. */
const BOXES: ReadonlySet<unknown> = new Set(['rectangle', 'polygon', undefined]);

/** The shapes of a labelme file. Shapes of one class and group are parts of one object. */
export function labelmeObjects(text: string): readonly LabelObject[] | undefined {
  const head = parseJsonHead(text);
  const { shapes, ...others } = asRecord(head?.value);
  // The data of the image, which may be long, follows the shapes.
  const isComplete = head?.isWhole === true || 'imagePath' in others;
  if (!isComplete || !Array.isArray(shapes)) return undefined;
  const records = shapes.map(asRecord);
  if (!records.every((shape) => BOXES.has(shape.shape_type))) return undefined;
  const keys = new Map(
    records.map((shape, i) => [shape, JSON.stringify([shape.label, shape.group_id ?? [i]])]),
  );
  return [...groupBy(records, (shape) => keys.get(shape)).values()].map((parts) => ({
    class: { name: nameOf(parts[0]?.label) },
    edges: edgesOf(
      polygonBox(parts.map(({ points }) => points)),
      toNumber(others.imageWidth) ?? Number.NaN,
      toNumber(others.imageHeight) ?? Number.NaN,
    ),
  }));
}

const nameOf = (label: unknown) => (typeof label === 'string' ? label : undefined);

/** The objects of a Pascal VOC file. */
export function vocObjects(text: string): readonly LabelObject[] | undefined {
  if (!text.includes('</annotation>')) return undefined;
  const [start = '', ...objects] = text.split(/<object[\s>]/);
  if (!objects.every((object) => object.includes('<bndbox>'))) return undefined;
  return objects.map((object) => {
    const [left, top] = [numberIn(object, 'xmin'), numberIn(object, 'ymin')];
    const box: Bbox = [left, top, numberIn(object, 'xmax') - left, numberIn(object, 'ymax') - top];
    return {
      class: { name: /<name>([^<]*)<\/name>/.exec(object)?.[1]?.trim() },
      edges: edgesOf(box, numberIn(start, 'width'), numberIn(start, 'height')),
    };
  });
}

const numberIn = (text: string, tag: string): number =>
  Number(new RegExp(`<${tag}>([^<]*)</${tag}>`).exec(text)?.[1] ?? Number.NaN);

/** The lines of a YOLO file; undefined if they have the scores of a model. */
export function yoloObjects(text: string): readonly LabelObject[] | undefined {
  const rows = text
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '')
    .map((line) => line.trim().split(/\s+/));
  if (rows.some(({ length }) => length === 6)) return undefined;
  return rows.map(([number = '', ...numbers]) => {
    const [x = 0, y = 0, width = 0, height = 0, ...others] = numbers.map(Number);
    const box: Bbox = [x - width / 2, y - height / 2, width, height];
    // More numbers are polygons or keypoints.
    return { class: { number }, edges: others.length > 0 ? undefined : edgesOf(box, 1, 1) };
  });
}

/** The edges of a box in an image of this size; undefined if a number is missing. */
export function edgesOf(box: Bbox | undefined, imageWidth: number, imageHeight: number): Edges | undefined {
  if (!box) return undefined;
  const [x, y, width, height] = box;
  const edges: Edges = [
    x / imageWidth,
    y / imageHeight,
    (x + width) / imageWidth,
    (y + height) / imageHeight,
  ];
  return edges.every(Number.isFinite) ? edges : undefined;
}
