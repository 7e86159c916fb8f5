/** Places of objects before and after a movement of their picture. */

import type { Rectangle } from '../model/rectangle.js';
import { THUMBNAIL_SIDE as SIDE } from '../model/thumbnail.js';
import { beforeTurn } from './same-pictures.js';
import { TURN_PIXELS, TURNS } from './similarity.js';
import { type Grid, type Movement, pixelAt, placedPoint } from './similarity-registered.js';

/** Twentieths of a pixel, in which `placedPoint` counts. */
const STEPS = 20;
/** Pixels around an object that belong to it: its outline tells it from the background. */
const MARGIN = 1;

/** The place in the moved copy of an object of the original. Both are in shares of width and height, 0 to 1. */
export function movedPlace({ left, top, width, height }: Rectangle, movement: Movement): Rectangle {
  const fromCentre = (share: number) => (share - 0.5) * SIDE * STEPS;
  const [column, row] = placedPoint(fromCentre(left + width / 2), fromCentre(top + height / 2), movement);
  const zoom = movement.scale / 100;
  const placed = {
    left: (column + 0.5) / SIDE - (width * zoom) / 2,
    top: (row + 0.5) / SIDE - (height * zoom) / 2,
    width: width * zoom,
    height: height * zoom,
  };
  const turn = TURNS[movement.turn];
  return turn ? beforeTurn(placed, turn) : placed;
}

/** The pixels of a thumbnail that objects cover. */
export function objectPixels(places: readonly Rectangle[]): Grid {
  const pixels = new Set<number>();
  for (const { left, top, width, height } of places) {
    const [columns, rows] = [pixelsOf(left, width), pixelsOf(top, height)];
    for (let row = rows.first; row <= rows.last; row++) {
      for (let column = columns.first; column <= columns.last; column++) pixels.add(row * SIDE + column);
    }
  }
  return Int16Array.from(pixels);
}

/** The pixels along one axis that an object covers. */
const pixelsOf = (start: number, length: number) => ({
  first: Math.max(0, Math.floor(start * SIDE) - MARGIN),
  last: Math.min(SIDE - 1, Math.ceil((start + length) * SIDE) - 1 + MARGIN),
});

/** The pixels of the moved copy that show what pixels of the original show; -1 for those outside the copy. */
export function movedPixels(pixels: Grid, movement: Movement): Grid {
  const turned = TURN_PIXELS[movement.turn];
  return pixels.map((pixel) => {
    const fromCentre = (at: number) => (at - (SIDE - 1) / 2) * STEPS;
    const placed = pixelAt(
      placedPoint(fromCentre(pixel % SIDE), fromCentre(Math.floor(pixel / SIDE)), movement),
    );
    return placed < 0 ? -1 : (turned?.[placed] ?? -1);
  });
}
