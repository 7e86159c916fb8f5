import { turnBox, uprightSize } from '../model/orientation.js';
import { isTooSmallToTrain } from '../model/service-limits.js';
import type { Box, LabelledImage, PreprocessedImage, Size, SourceBox } from '../model/types.js';
import type { BoxReading } from './seen-image.js';

/** A box in pixels of the preprocessed image, or the reason for which it was dropped. */
export type MovedBox =
  | { readonly box: Box }
  /** `visible` is the size of the part inside the image, in pixels of the upright original. */
  | { readonly dropped: 'outside'; readonly visible: Size }
  /** `at` is in pixels of the preprocessed image; its sides may be 0. */
  | { readonly dropped: 'too-small'; readonly visible: Size; readonly at: Box };

/** Maximum relative difference of the aspect ratios that the COCO file states and the image file has. */
const ASPECT_TOLERANCE = 0.02;

/** Converts a box to pixels of the preprocessed image: scales each axis, rounds the edges and clamps to the image. */
export function moveBox(
  source: SourceBox,
  image: LabelledImage,
  result: PreprocessedImage,
  reading: BoxReading,
  minBoxPx: number,
): MovedBox {
  const { output } = result;
  const read = reading === 'stored' ? result.stored : uprightSize(result);
  const [scaleX, scaleY] = cocoScale(image, read);
  const inFile = {
    x: source.x * scaleX,
    y: source.y * scaleY,
    width: source.width * scaleX,
    height: source.height * scaleY,
  };
  const upright = reading === 'stored' ? turnBox(inFile, result.stored, result.orientation) : inFile;
  const size = uprightSize(result);
  // Width and height are rounded when an image is resized, so each axis has a scale of its own.
  const [left, right] = span(upright.x, upright.width, output.width / size.width, output.width);
  const [top, bottom] = span(upright.y, upright.height, output.height / size.height, output.height);
  const [width, height] = [right - left, bottom - top];
  const visible = {
    width: visibleLength(upright.x, upright.width, size.width),
    height: visibleLength(upright.y, upright.height, size.height),
  };
  // Extreme numbers overflow to NaN, for which every comparison is false.
  if (!(visible.width > 0 && visible.height > 0 && width >= 0 && height >= 0)) {
    return { dropped: 'outside', visible: { width: 0, height: 0 } };
  }
  const box = { label: source.label, left, top, width, height };
  if (width < minBoxPx || height < minBoxPx || isTooSmallToTrain(box, output)) {
    return { dropped: 'too-small', visible, at: box };
  }
  return { box };
}

/** Whether the COCO file states another aspect ratio than the image has, in the chosen reading. */
export function isMismatched(image: LabelledImage, result: PreprocessedImage, reading: BoxReading): boolean {
  if (image.width === null || image.height === null) return false;
  const read = reading === 'stored' ? result.stored : uprightSize(result);
  const ratio = (image.width / image.height) * (read.height / read.width);
  return Math.abs(ratio - 1) > ASPECT_TOLERANCE;
}

/** Scale of each axis, for COCO files that were written for a larger or smaller copy of the image. */
function cocoScale({ width, height }: LabelledImage, read: Size): [number, number] {
  return width === null || height === null ? [1, 1] : [read.width / width, read.height / height];
}

/** Length of the part of a side that lies inside the image. */
function visibleLength(start: number, length: number, limit: number): number {
  return Math.min(limit, start + length) - Math.max(0, start);
}

function span(start: number, length: number, scale: number, limit: number): [number, number] {
  const clamp = (value: number) => Math.min(limit, Math.max(0, Math.round(value)));
  return [clamp(start * scale), clamp((start + length) * scale)];
}
