import { DisjointSets } from '../../lib/disjoint-sets.js';
import { groupBy } from '../../lib/group-by.js';
import { byCodePoint } from '../../lib/order.js';
import { isRoboflowName, sourceName } from '../model/source-name.js';
import { SimilarityIndex } from './index.js';
import { correlation, detailAgreement, fineDetail, spreadOf, TURNS } from './similarity.js';
import { registeredAgreement } from './similarity-registered.js';

export interface Picture {
  readonly path: string;
  readonly sourceSha256: string;
}

type Thumbnails = (index: number) => Uint8Array;

/**
 * Pictures under any names are one photo above both. On five public datasets, photos of one fixed camera with other
 * things in view correlate up to 0.977, and copies saved anew from 0.994; unrelated photos of one kind correlate
 * up to 0.933, and the finest detail of those above 0.9 agrees by 0.1.
 */
const SAME_CORRELATION = 0.985;
const SAME_DETAIL = 0.5;
/** Under one Roboflow source: unrelated photos of a generic name agree up to 0.28, augmented copies from 0.36. */
const SAME_SOURCE_DETAIL = 1 / 3;
/** The same where copies are also rotated or cropped: unrelated up to 0.63, 19 of 20 copies above. */
const SAME_SOURCE_REGISTERED = 0.7;
/** More files than an exporter makes of a photo: such a name (`image_jpg`) says nothing of what it names. */
const MAX_SOURCE_FILES = 64;

/**
 * Groups copies: the same bytes; the same picture in any of the 8 turns and mirrorings under any name; and files of
 * one Roboflow source whose pictures agree though they were augmented (generic names such as `12_jpg` are shared
 * by unrelated photos). Answers the group of each path. Neither groups nor their names depend on the order of the pictures.
 * @param thumbnail64 64x64 luma means of a picture
 */
export function findCopies(pictures: readonly Picture[], thumbnail64: Thumbnails): Map<string, string> {
  const search = searchCopies(pictures, thumbnail64);
  let step = search.next();
  while (!step.done) step = search.next();
  return step.value;
}

/** The same in steps of well under a second, for a caller that has other things to do between them. */
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
  let verified = 0;
  for (const pair of index.pairs()) {
    if (!pair) {
      yield;
      continue;
    }
    const [a, b] = pair;
    if (sets.joined(a, b)) continue;
    if (++verified % 1000 === 0) yield;
    const turns = index.turns(a, b);
    if (turns.length > 0 && isSamePicture(thumbnail64(a), thumbnail64(b), turns)) sets.join(a, b);
  }
}

function isSamePicture(a: Uint8Array, b: Uint8Array, turns: readonly number[]): boolean {
  const [spreadA, spreadB] = [spreadOf(a), spreadOf(b)];
  return turns.some(
    (turn) =>
      correlation([a, spreadA], [b, spreadB], turn) >= SAME_CORRELATION &&
      detailAgreement(fineDetail(a), fineDetail(b), turn) >= SAME_DETAIL,
  );
}

function* joinSameSource(
  sets: DisjointSets,
  files: readonly number[],
  thumbnail64: Thumbnails,
): Generator<undefined> {
  const details = new Map(files.map((file) => [file, fineDetail(thumbnail64(file))]));
  for (const [place, a] of files.entries()) {
    for (const b of files.slice(place + 1)) {
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

/** A group is named by the smallest SHA-256 of its files. */
function namesOf(sets: DisjointSets, pictures: readonly Picture[]): Map<string, string> {
  const names = new Map<number, string>();
  pictures.forEach(({ sourceSha256 }, index) => {
    const root = sets.find(index);
    const name = names.get(root);
    if (name === undefined || byCodePoint(sourceSha256, name) < 0) names.set(root, sourceSha256);
  });
  return new Map(pictures.map(({ path }, index) => [path, names.get(sets.find(index)) ?? path]));
}

/** Indexes that share a key; groups of one and keys that are undefined are left out. */
function indexesBy(
  pictures: readonly Picture[],
  keyOf: (picture: Picture) => string | undefined,
): number[][] {
  const keys = pictures.map(keyOf);
  const groups = groupBy(keys.keys(), (index) => keys[index]);
  return [...groups].flatMap(([key, group]) => (key !== undefined && group.length > 1 ? [group] : []));
}
