import type { DatasetFinding } from '../dataset/model/findings.js';
import { sortByHarm } from '../dataset/model/harm.js';
import { placeText } from '../dataset/model/place-text.js';
import type { Box } from '../dataset/model/types.js';
import { interleaved } from '../lib/interleaved.js';
import type { CuratedCandidate } from './curated-candidate.js';
import { type BoxRole, boundsOf, type CaseImage, type FindingCase, viewOf } from './facts.js';
import { asOwn, show, withRole } from './shown-image.js';

/** Maximum cases with pictures per finding, and maximum pictures of all cases. */
const MAX_CASES = 4;
const MAX_CASE_PICTURES = 36;
/** A case about copies is shown as a pair. */
const MAX_IMAGES = 2;

/**
 * Chooses the cases that are shown as pictures: the first ones of each finding that name images of the dataset. If there
 * are too many, each finding keeps about as many, those of the most harmful findings first.
 * @param dropped boxes that curating left out, by path of the image; the images no longer have them
 */
export function findingCases(
  findings: readonly DatasetFinding[],
  images: readonly CuratedCandidate[],
  dropped: ReadonlyMap<string, readonly Box[]>,
): FindingCase[] {
  const byPath = new Map(images.map((image) => [image.path, image]));
  const lists = sortByHarm(findings).map(({ code, examples }) =>
    examples
      .flatMap((example): FindingCase[] => {
        const named = imagesIn(example, byPath).slice(0, MAX_IMAGES);
        const isPair = named.length > 1;
        const shown = named.map((image) =>
          caseImage(image, { code, example }, isPair, dropped.get(image.path) ?? []),
        );
        return shown.length > 0 ? [{ code, example, images: shown }] : [];
      })
      .slice(0, MAX_CASES),
  );
  let left = MAX_CASE_PICTURES;
  return interleaved(lists).filter((one) => {
    left -= one.images.length;
    return left >= 0;
  });
}

/**
 * The images that a case names. It begins with a path, or with two that are joined, such as `a.jpg: scar`,
 * `a.jpg = b.jpg` and `a.jpg (scar) / b.jpg (none)`.
 */
function imagesIn(text: string, byPath: ReadonlyMap<string, CuratedCandidate>): CuratedCandidate[] {
  const starts = [0, ...[...text.matchAll(/ = | \/ /g)].map(({ index }) => index + 3)];
  const ends = [...text.matchAll(/: | \(| = | \/ |$/g)].map(({ index }) => index).reverse();
  return starts.flatMap((start) => {
    const paths = ends.flatMap((end) => (end > start ? [text.slice(start, end)] : []));
    return paths.flatMap((path) => byPath.get(path) ?? []).slice(0, 1);
  });
}

const PLACE = /\d+x\d+ at \d+,\d+/g;

/** An image with its boxes: those that the case is about are its reason, or all of them if it names none. */
function caseImage(
  image: CuratedCandidate,
  { code, example }: Pick<FindingCase, 'code' | 'example'>,
  isPair: boolean,
  dropped: readonly Box[],
): CaseImage {
  const { split, exported, size, boxes, kept } = image;
  const places = new Set(example.match(PLACE) ?? []);
  const named =
    code === 'BOXES_IN_TWO_CLASSES' ? inTwoClasses(boxes) : boxes.filter((box) => places.has(placeText(box)));
  const others = boxes.filter((box) => !named.includes(box));
  const isKept = new Set(kept.map((box) => JSON.stringify(box)));
  const roleOf = (box: Box): BoxRole => {
    if (split !== null && !isKept.has(JSON.stringify(box))) return 'dropped';
    return named.length > 0 ? 'other' : 'own';
  };
  const roles = [
    ...named.map(asOwn),
    ...dropped.map((box) => withRole(box, 'dropped')),
    ...others.map((box) => withRole(box, roleOf(box))),
  ];
  const reason = named.length > 0 ? named : dropped;
  // Both images of a pair are shown as a whole, so that they can be compared.
  const view = isPair || reason.length === 0 ? null : viewOf(boundsOf(reason), size);
  return { ...show(image, roles, view), exported, ...size };
}

/** The boxes that have the place of a box of another class. */
const inTwoClasses = (boxes: readonly Box[]): Box[] =>
  boxes.filter((box) =>
    boxes.some((other) => other.label !== box.label && placeText(other) === placeText(box)),
  );
