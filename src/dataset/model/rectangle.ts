import type { Box } from './types.js';

/** Read once: in the VM context of tests every access to a global is slow. */
const { max, min } = Math;

/** A box without its class, in pixels. */
export type Rectangle = Omit<Box, 'label'>;

/** Intersection over union of two rectangles, 0 to 1. */
export function intersectionOverUnion(a: Rectangle, b: Rectangle): number {
  const shared = intersection(a, b);
  return shared === 0 ? 0 : shared / (a.width * a.height + b.width * b.height - shared);
}

/** Intersection over the area of the smaller rectangle, 0 to 1: 1 if one contains the other. */
export function intersectionOverSmaller(a: Rectangle, b: Rectangle): number {
  const shared = intersection(a, b);
  return shared === 0 ? 0 : shared / min(a.width * a.height, b.width * b.height);
}

function intersection(a: Rectangle, b: Rectangle): number {
  const width = min(a.left + a.width, b.left + b.width) - max(a.left, b.left);
  const height = min(a.top + a.height, b.top + b.height) - max(a.top, b.top);
  return width <= 0 || height <= 0 ? 0 : width * height;
}
