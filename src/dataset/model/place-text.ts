import type { Rectangle } from './rectangle.js';

/** Size and place of a box as findings write them, in pixels: `30x40 at 12,7`. */
export const placeText = ({ left, top, width, height }: Rectangle): string =>
  `${width}x${height} at ${left},${top}`;
