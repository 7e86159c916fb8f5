import type { JsonRecord } from '../../lib/json-records.js';
import type { Bbox } from '../model/box-conventions.js';
import type { ReadingSettings } from '../model/settings.js';
import type { SourceBox } from '../model/types.js';
import type { Categories } from './categories.js';
import type { Frame } from './conventions.js';
import type { DeclaredFormat } from './declared-format.js';
import type { Evidence, Verdict } from './evidence.js';
import { changesBounds, rotationOf, turnedBounds } from './rotation.js';

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
  /** Collects what the annotations show about how they are written. */
  readonly evidence: Evidence;
  /** Whether image records of the file have members of Azure. */
  readonly isOfAzure: boolean;
  /** Begins the ids of images in `evidence`; not empty if several files share it. */
  readonly scope: string;
}

/** The size and the id of the image record that the annotation refers to. */
export interface RecordFrame extends Frame {
  readonly id: string;
}

/** An annotation with its label, size of the image record, and context. */
export interface Reading {
  readonly context: AnnotationContext;
  readonly annotation: JsonRecord;
  readonly label: string;
  readonly frame: RecordFrame;
}

/** The box around the rectangle that CVAT's angle rotates; undefined without an angle, or if the file denies angles. */
export function rotatedBox(
  bbox: Bbox,
  { annotation, label, frame, context }: Reading,
): SourceBox | undefined {
  const degrees = rotationOf(annotation);
  context.evidence.addRotation(bbox, degrees, frame);
  if (!changesBounds(degrees) || context.verdict.rotations.isDenied) return undefined;
  return boxOf(label, turnedBounds(bbox, degrees));
}

export const boxOf = (label: string, [x, y, width, height]: Bbox): SourceBox => ({
  label,
  x,
  y,
  width,
  height,
});

/** The box if its numbers are finite and it has an area. */
export function usable(box: Bbox | undefined): Bbox | undefined {
  return box?.every(isInRange) && box[2] > 0 && box[3] > 0 ? box : undefined;
}

export const isInRange = (value: number) => Math.abs(value) <= MAX_COORDINATE;

/** Whether a member of an annotation has a value. Some exporters write an empty list instead of leaving it out. */
export const isGiven = (value: unknown) =>
  value !== undefined && value !== null && !(Array.isArray(value) && value.length === 0);
