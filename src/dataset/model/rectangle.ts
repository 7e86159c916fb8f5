import type { Box } from './types.js';

/** Read once: in the VM context of tests every access to a global is slow. */
const { max, min } = Math;

/** A box without its class, in pixels. */
export type Rectangle = Omit<Box, 'label'>;

/** Intersection over union of two rectangles, 0 to 1. */
export function intersectionOverUnion(a: Rectangle, b: Rectangle): number {
  const width = min(a.left + a.width, b.left + b.width) - max(a.left, b.left);
  const height = min(a.top + a.height, b.top + b.height) - max(a.top, b.top);
  if (width <= 0 || height <= 0) return 0;
  const shared = width * height;
  return shared / (a.width * a.height + b.width * b.height - shared);
}
