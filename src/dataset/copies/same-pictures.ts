import { groupBy } from '../../lib/group-by.js';
import { byCodePoint } from '../../lib/order.js';
import type { Rectangle } from '../model/rectangle.js';
import { TURN_PIXELS, TURNS, type Turn } from './similarity.js';

/** An image with its group of copies. */
export interface CopiedPicture {
  readonly path: string;
  readonly group: string;
  readonly sourceSha256: string;
  /** 64x64 luma means. */
  readonly thumbnail64: Uint8Array;
}

/** Another image that shows the same picture, and the turns of it that give this one. */
export interface SamePicture {
  readonly path: string;
  readonly turns: readonly Turn[];
}

/**
 * Maximum difference in luma, of 255, of each pixel of two thumbnails of one picture. JPEG at quality 50 changes up to 7;
 * an object of a sixtieth of the width that moves before a fixed camera changes at least 9, so frames of a video differ.
 */
const MAX_DIFFERENCE = 8;
/** Different pictures of a group with which an image is compared, such as frames of a fixed camera. */
const MAX_DIFFERENT = 8;

const [UNTURNED = { transpose: false, flipX: false, flipY: false }] = TURNS;

/**
 * Finds the copies that show exactly the picture of another image of their group, perhaps turned or mirrored, so that
 * their boxes must lie on the same places. Returns that image by the path of the copy. The result does not depend on the
 * order of the pictures.
 */
export function samePictures(pictures: readonly CopiedPicture[]): Map<string, SamePicture> {
  const found = new Map<string, SamePicture>();
  for (const group of groupBy(pictures, (one) => one.group).values()) {
    if (group.length === 1) continue;
    const different: CopiedPicture[] = [];
    for (const one of group.sort((a, b) => byCodePoint(a.path, b.path))) {
      const same = sameAsAny(one, different);
      if (same) found.set(one.path, same);
      else if (different.length < MAX_DIFFERENT) different.push(one);
    }
  }
  return found;
}

function sameAsAny(one: CopiedPicture, others: readonly CopiedPicture[]): SamePicture | undefined {
  for (const other of others) {
    const turns = turnsBetween(other, one);
    if (turns.length > 0) return { path: other.path, turns };
  }
  return undefined;
}

/** The turns of `a` that give `b`: several if the picture is symmetric, none if the pictures differ. */
function turnsBetween(a: CopiedPicture, b: CopiedPicture): readonly Turn[] {
  if (a.sourceSha256 === b.sourceSha256) return [UNTURNED];
  // Read once: they may be in a file.
  const [ofA, ofB] = [a.thumbnail64, b.thumbnail64];
  return TURNS.filter((_, turn) =>
    TURN_PIXELS[turn]?.every(
      (from, pixel) => Math.abs((ofA[from] ?? 0) - (ofB[pixel] ?? 0)) <= MAX_DIFFERENCE,
    ),
  );
}

/** Moves a box of a turned picture to its place on the original. Both are in shares of width and height, 0 to 1. */
export function beforeTurn(box: Rectangle, { transpose, flipX, flipY }: Turn): Rectangle {
  const { left, top, width, height } = transpose
    ? { left: box.top, top: box.left, width: box.height, height: box.width }
    : box;
  return {
    left: flipX ? 1 - left - width : left,
    top: flipY ? 1 - top - height : top,
    width,
    height,
  };
}
