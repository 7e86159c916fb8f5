import type { Rectangle } from '../../../src/dataset/model/rectangle.js';
import type { Box } from '../../../src/dataset/model/types.js';

/** A box on a picture. */
export interface Mark extends Box {
  /** Detected boxes are dashed, labelled ones solid. */
  readonly isDetected?: boolean;
  /** Boxes that curating left out are dotted. */
  readonly isDropped?: boolean;
  /** Whether other boxes matter more. */
  readonly isFaint?: boolean;
  /** Text beside the box, where captions are shown. */
  readonly text?: string;
}

/** A picture with its boxes, in pixels of the picture. */
export interface Boxed {
  readonly path: string;
  /** The area of a tile in its photo; absent if the picture is a whole photo. */
  readonly tile?: Rectangle | undefined;
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly Mark[];
  /** The part that a closeup shows, null for all of it; by default the part around the first box. */
  readonly view?: Rectangle | null;
  /** Alternative text; by default, the name of the file and the number of boxes per class. */
  readonly alt?: string;
}

/** The classes of the style sheet for a box. */
export const classOf = ({ isDetected, isDropped, isFaint }: Mark): string | undefined =>
  [isDetected && 'detected', isDropped && 'dropped', isFaint && 'faint'].filter(Boolean).join(' ') ||
  undefined;
