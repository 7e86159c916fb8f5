import { agreeing, plural } from '../../lib/plural.js';
import { beforeTurn, type SamePicture } from '../copies/same-pictures.js';
import type { Turn } from '../copies/similarity.js';
import type { UnmovedBoxes } from '../copies/unmoved-boxes.js';
import { type Candidate, labelsOf } from '../model/candidates.js';
import { type DatasetFinding, warning } from '../model/findings.js';
import { placeText } from '../model/place-text.js';
import type { Rectangle } from '../model/rectangle.js';
import { lieElsewhere } from '../model/same-places.js';
import { THUMBNAIL_BYTES } from '../model/thumbnail.js';
import type { Box } from '../model/types.js';

/**
 * The finding on copies of a picture, perhaps turned or mirrored, whose boxes lie elsewhere on it. Only classes that both
 * images show are compared; other classes are reported as COPIES_DISAGREE.
 * @param sameAs the image that shows the same picture, by path of the copy
 */
export function disagreeingBoxes(
  candidates: readonly Candidate[],
  sameAs: ReadonlyMap<string, SamePicture>,
): DatasetFinding | undefined {
  const byPath = new Map(candidates.map((one) => [one.path, one]));
  const cases = candidates.flatMap((copy) => {
    const same = sameAs.get(copy.path);
    const original = byPath.get(same?.path ?? '');
    const turn = same && original && contradiction(original, copy, same.turns);
    return turn ? [`${described(original)} / ${described(copy)}, ${nameOf(turn)}`] : [];
  });
  return warning(
    'COPIES_BOXES_DISAGREE',
    cases.length,
    {
      headline: `${plural(cases.length, 'image')} ${agreeing(cases.length, 'shows', 'show')} the same picture as another image, but with boxes elsewhere on it, so one of the two is labelled wrongly.`,
      rest: 'Correct the boxes. If an augmentation turned or mirrored images, it must move their boxes too.',
    },
    cases,
  );
}

/** The finding on copies that were turned, mirrored, shifted, zoomed or rotated, while their boxes were not. */
export function unmovedFinding(unmoved: readonly UnmovedBoxes[]): DatasetFinding | undefined {
  const count = unmoved.length;
  return warning(
    'BOXES_NOT_MOVED',
    count,
    {
      headline: `${plural(count, 'image')} ${agreeing(count, 'has', 'have')} exactly the boxes of another image, though ${agreeing(count, 'it shows', 'they show')} its picture turned, mirrored, shifted, zoomed or rotated.`,
      rest: 'Correct the boxes, or leave these copies out. An augmentation that moves images must move their boxes too.',
    },
    unmoved.map(({ path, original }) => `${original} / ${path}`),
  );
}

/** Minimum pixels of a thumbnail that an object covers: smaller ones can move between frames that look the same. */
const MIN_VISIBLE = 2;

const isVisible = ({ width, height }: Rectangle) => width * height * THUMBNAIL_BYTES >= MIN_VISIBLE;

/** The first turn that gives the copy, if the boxes lie elsewhere in every one of them. */
function contradiction(original: Candidate, copy: Candidate, turns: readonly Turn[]): Turn | undefined {
  const common = [...labelsOf(original)].filter((label) => labelsOf(copy).has(label));
  const areEqual = original.sourceSha256 === copy.sourceSha256;
  const shown = (image: Candidate, label: string) =>
    placesOf(image, label).filter((place) => areEqual || isVisible(place));
  const isElsewhere = (turn: Turn) =>
    common.some((label) => {
      const moved = shown(copy, label).map((box) => beforeTurn(box, turn));
      const places = shown(original, label);
      return places.length > 0 && moved.length > 0 && lieElsewhere(places, moved);
    });
  return turns.every(isElsewhere) ? turns[0] : undefined;
}

/** The boxes of a class in shares of the image. */
const placesOf = ({ boxes, size }: Candidate, label: string): Rectangle[] =>
  boxes
    .filter((box) => box.label === label)
    .map(({ left, top, width, height }) => ({
      left: left / size.width,
      top: top / size.height,
      width: width / size.width,
      height: height / size.height,
    }));

/** Boxes that a case shows. */
const MAX_SHOWN = 3;

function described({ path, boxes }: Candidate): string {
  const shown = boxes.slice(0, MAX_SHOWN).map(describeBox).join('; ');
  return `${path} (${shown}${boxes.length > MAX_SHOWN ? ' …' : ''})`;
}

const describeBox = (box: Box) => `${box.label} ${placeText(box)}`;

function nameOf({ transpose, flipX, flipY }: Turn): string {
  if (transpose) return flipX === flipY ? 'mirrored along a diagonal' : 'turned by 90 degrees';
  if (flipX) return flipY ? 'turned by 180 degrees' : 'mirrored left to right';
  return flipY ? 'mirrored top to bottom' : 'the same picture';
}
