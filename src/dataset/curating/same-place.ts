import { groupBy } from '../../lib/group-by.js';
import { byCodePoint } from '../../lib/order.js';
import { agreeing, plural } from '../../lib/plural.js';
import { type DatasetFinding, warning } from '../model/findings.js';
import { placeText } from '../model/place-text.js';
import type { Box, Size } from '../model/types.js';
import type { BoxesByLabel, PlacedBox } from './placed-boxes.js';

/** Different photos in which a box of a class must be the same, and share of the boxes of the class. */
const MIN_PHOTOS = 10;
const NOTABLE_SHARE = 0.1;
/** Share of an image's area from which a box covers the whole image, which has a finding of its own. */
const WHOLE_IMAGE = 0.9;
/** Steps per side of an image by which boxes of images of different sizes are compared. */
const STEPS = 200;

/**
 * The finding on boxes that are the same in many photos, in pixels or in shares of the image, such as a placeholder that
 * an annotation tool draws; undefined if there are none. No two photos show an object on the same pixels by chance.
 */
export function boxesOnOnePlace(byLabel: BoxesByLabel): DatasetFinding | undefined {
  let total = 0;
  const repeated: PlacedBox[][] = [];
  for (const own of byLabel.classes()) {
    const byPixels = repeatedIn(own, IN_PIXELS);
    repeated.push(...(byPixels.length > 0 ? byPixels : repeatedIn(own, IN_SHARES)));
    total += own.length;
  }
  const count = repeated.reduce((sum, { length }) => sum + length, 0);
  return warning(
    'BOXES_ON_ONE_PLACE',
    count,
    {
      headline: `${count} of ${plural(total, 'box')} ${agreeing(count, 'has', 'have')} exactly the place and size of boxes in at least ${MIN_PHOTOS} photos: objects that never move before a fixed camera, or placeholders that a tool drew.`,
      rest: 'Boxes of fixed objects can be right, but the model can learn their place only: add photos with the object elsewhere. Redraw placeholders.',
    },
    repeated.flatMap((same) => {
      const [first] = [...same].sort((a, b) => byCodePoint(a.image.path, b.image.path));
      if (!first) return [];
      const { box, image } = first;
      return [`${image.path}: ${box.label} ${placeText(box)}, as in ${plural(photosOf(same), 'photo')}`];
    }),
  );
}

type NumberOf = (placed: PlacedBox) => number;

/** The numbers that say where a box is. */
const IN_PIXELS: readonly NumberOf[] = [
  ({ box }) => box.left,
  ({ box }) => box.top,
  ({ box }) => box.width,
  ({ box }) => box.height,
];

const steps = (length: number, side: number) => Math.round(STEPS * (length / side));

const IN_SHARES: readonly NumberOf[] = [
  ({ box, image: { size } }) => steps(box.left, size.width),
  ({ box, image: { size } }) => steps(box.top, size.height),
  ({ box, image: { size } }) => steps(box.width, size.width),
  ({ box, image: { size } }) => steps(box.height, size.height),
];

/** The boxes of a class on one place, for each place that is in enough photos. */
function repeatedIn(own: readonly PlacedBox[], numbers: readonly NumberOf[]): PlacedBox[][] {
  const most = NOTABLE_SHARE * own.length;
  const partial = own.filter(({ box, image: { size } }) => !coversImage(box, size));
  // Boxes on one place share each of its numbers. Few boxes are left, so that few places are compared.
  const likely = numbers.reduce<readonly PlacedBox[]>(
    (boxes, numberOf) => withSharedNumber(boxes, numberOf, most),
    partial,
  );
  const byPlace = groupBy(likely, (placed) => numbers.map((numberOf) => numberOf(placed)).join());
  return [...byPlace.values()].filter((same) => same.length > most && photosOf(same) >= MIN_PHOTOS);
}

/** The boxes whose number more than `most` boxes have. */
function withSharedNumber(boxes: readonly PlacedBox[], numberOf: NumberOf, most: number): PlacedBox[] {
  const numbers = Int32Array.from(boxes, numberOf);
  const counts = new Map<number, number>();
  for (const number of numbers) counts.set(number, (counts.get(number) ?? 0) + 1);
  return boxes.filter((_, index) => (counts.get(numbers[index] ?? 0) ?? 0) > most);
}

const photosOf = (boxes: readonly PlacedBox[]) => new Set(boxes.map(({ image }) => image.group)).size;

const coversImage = ({ width, height }: Box, size: Size) =>
  width * height >= WHOLE_IMAGE * size.width * size.height;
