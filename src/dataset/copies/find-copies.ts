import { DisjointSets } from '../../lib/disjoint-sets.js';
import { isRoboflowName, sourceName } from '../model/source-name.js';
import { indexesBy, setNames } from './groups.js';
import { SimilarityIndex } from './index.js';
import { PictureComparison, SAME_CORRELATION } from './picture-comparison.js';
import { detailAgreement, fineDetail, TURNS } from './similarity.js';
import { registeredAgreement } from './similarity-registered.js';

/** An image among which copies are searched. */
export interface Picture {
  readonly path: string;
  readonly sourceSha256: string;
}

type Thumbnails = (index: number) => Uint8Array;

/**
 * Files of one Roboflow source are copies if their fine detail correlates this much: unrelated photos with a generic name
 * agree up to 0.28, augmented copies at least 0.36.
 */
const SAME_SOURCE_DETAIL = 1 / 3;
/** The same for copies that are rotated or cropped too: unrelated photos up to 0.63, 19 of 20 copies above 0.7. */
const SAME_SOURCE_REGISTERED = 0.7;
/** Maximum files per Roboflow source. A name with more (`image_jpg`) is generic: exporters make fewer copies of a photo. */
export const MAX_SOURCE_FILES = 64;

/**
 * Finds copies of photos: files with equal bytes; equal images in any of the 8 rotations and mirrorings, with any names;
 * and augmented files of one Roboflow source that look alike (unrelated photos share generic names such as `12_jpg`).
 * Returns the group of each path, named by the smallest SHA-256 in it. The result does not depend on the order of `pictures`.
 * @param thumbnail64 returns the 64x64 luma means of an image by its index
 */
export function findCopies(pictures: readonly Picture[], thumbnail64: Thumbnails): Map<string, string> {
  const search = searchCopies(pictures, thumbnail64);
  let step = search.next();
  while (!step.done) step = search.next();
  return step.value;
}

/** Does the work of `findCopies` in steps of well under a second, so that the caller can do other work in between. */
export function* searchCopies(
  pictures: readonly Picture[],
  thumbnail64: Thumbnails,
): Generator<undefined, Map<string, string>> {
  const sets = new DisjointSets(pictures.length);
  for (const [first, ...others] of indexesBy(pictures, ({ sourceSha256 }) => sourceSha256)) {
    for (const other of others) if (first !== undefined) sets.join(first, other);
  }
  yield* joinSamePictures(sets, pictures.length, thumbnail64);
  for (const files of indexesBy(pictures, ({ path }) =>
    isRoboflowName(path) ? sourceName(path) : undefined,
  )) {
    if (files.length <= MAX_SOURCE_FILES) yield* joinSameSource(sets, files, thumbnail64);
  }
  return namesOf(sets, pictures);
}

function* joinSamePictures(sets: DisjointSets, size: number, thumbnail64: Thumbnails): Generator<undefined> {
  const index = new SimilarityIndex(size, thumbnail64, SAME_CORRELATION);
  const comparison = new PictureComparison(thumbnail64, (picture) => index.spread(picture));
  let verified = 0;
  for (const candidate of index.pairs(sets)) {
    if (!candidate) {
      yield;
      continue;
    }
    const { a, b } = candidate;
    if (sets.joined(a, b)) continue;
    if (++verified % 1000 === 0) yield;
    if (comparison.isSame(candidate)) sets.join(a, b);
  }
}

function* joinSameSource(
  sets: DisjointSets,
  files: readonly number[],
  thumbnail64: Thumbnails,
): Generator<undefined> {
  const details = new Map(files.map((file) => [file, fineDetail(thumbnail64(file))]));
  for (const [index, a] of files.entries()) {
    for (const b of files.slice(index + 1)) {
      if (sets.joined(a, b)) continue;
      const [detailA, detailB] = [details.get(a), details.get(b)];
      const agree =
        detailA &&
        detailB &&
        TURNS.some((_, turn) => detailAgreement(detailA, detailB, turn) >= SAME_SOURCE_DETAIL);
      if (agree || registeredAgreement(thumbnail64(a), thumbnail64(b)) >= SAME_SOURCE_REGISTERED) {
        sets.join(a, b);
      }
    }
    yield;
  }
}

/** Names each group by the smallest SHA-256 of its files. */
function namesOf(sets: DisjointSets, pictures: readonly Picture[]): Map<string, string> {
  const names = setNames(
    sets,
    pictures.map(({ sourceSha256 }) => sourceSha256),
  );
  return new Map(pictures.map(({ path }, index) => [path, names[index] ?? path]));
}
