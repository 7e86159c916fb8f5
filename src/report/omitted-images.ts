import type { TooSmallBox } from '../dataset/boxes/box-images.js';
import type { Box } from '../dataset/model/types.js';
import { groupBy } from '../lib/group-by.js';
import type { CuratedCandidate } from './curated-candidate.js';
import { boundsOf, MAX_PICTURES, type ShownImage, viewOf } from './facts.js';
import { asOwn, show, withRole } from './shown-image.js';

/** The boxes that are too small, in the preprocessed image, by path of the image. */
export function tooSmallByPath(tooSmall: readonly TooSmallBox[]): Map<string, Box[]> {
  const byPath = groupBy(tooSmall, ({ path }) => path);
  return new Map([...byPath].map(([path, boxes]) => [path, boxes.map(({ at }) => at)]));
}

/** Images with boxes that are too small; those with the most such boxes first. */
export function tooSmallImages(
  placed: readonly CuratedCandidate[],
  tooSmall: ReadonlyMap<string, readonly Box[]>,
): ShownImage[] {
  return placed
    .flatMap((image) => {
      const dropped = tooSmall.get(image.path);
      return dropped ? [{ image, dropped }] : [];
    })
    .sort((a, b) => b.dropped.length - a.dropped.length)
    .slice(0, MAX_PICTURES)
    .map(({ image, dropped }) => {
      const [first] = dropped;
      const roles = [...dropped.map((box) => withRole(box, 'dropped')), ...image.boxes.map(asOwn)];
      return show(image, roles, first ? viewOf(first, image.size) : null);
    });
}

/** Used images from which MAX_BOX_PER_IMAGE or MIN_CLASS_IMAGES removed boxes; those that lost the most first. */
export function cutImages(placed: readonly CuratedCandidate[]): ShownImage[] {
  return placed
    .filter(({ split, boxes, kept }) => split !== null && kept.length < boxes.length)
    .sort((a, b) => b.boxes.length - b.kept.length - (a.boxes.length - a.kept.length))
    .slice(0, MAX_PICTURES)
    .map((image) => {
      const kept = new Set(image.kept.map((box) => JSON.stringify(box)));
      const roles = image.boxes.map((box) =>
        withRole(box, kept.has(JSON.stringify(box)) ? 'own' : 'dropped'),
      );
      const dropped = roles.filter(({ role }) => role === 'dropped');
      return show(image, roles, viewOf(boundsOf(dropped), image.size));
    });
}
