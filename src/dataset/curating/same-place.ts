import { groupBy } from '../../lib/group-by.js';
import { agreeing, plural } from '../../lib/plural.js';
import { type DatasetFinding, warning } from '../model/findings.js';
import type { Box, CuratedImage } from '../model/types.js';

/** Different photos in which a box of a class must be the same, and share of the boxes of the class. */
const MIN_PHOTOS = 10;
const NOTABLE_SHARE = 0.1;
/** Share of an image's area from which a box covers the whole image, which has a finding of its own. */
const WHOLE_IMAGE = 0.9;
/** Steps per side of an image by which boxes of images of different sizes are compared. */
const STEPS = 200;

interface PlacedBox {
  readonly box: Box;
  readonly image: CuratedImage;
}

/**
 * The finding on boxes that are the same in many photos, in pixels or in shares of the image, such as a placeholder that
 * an annotation tool draws; undefined if there are none. No two photos show an object on the same pixels by chance.
 */
export function boxesOnOnePlace(used: readonly CuratedImage[]): DatasetFinding | undefined {
  const boxes = used.flatMap((image) => image.boxes.map((box) => ({ box, image })));
  const repeated = [...groupBy(boxes, ({ box }) => box.label).values()].flatMap((own) => {
    const byPixels = repeatedIn(own, ({ box }) => placeOf(box));
    return byPixels.length > 0 ? byPixels : repeatedIn(own, inShares);
  });
  const count = repeated.reduce((sum, { length }) => sum + length, 0);
  return warning(
    'BOXES_ON_ONE_PLACE',
    count,
    {
      headline: `${count} of ${plural(boxes.length, 'box')} ${agreeing(count, 'has', 'have')} exactly the place and size of boxes in at least ${MIN_PHOTOS} photos: objects that never move before a fixed camera, or placeholders that a tool drew.`,
      rest: 'Boxes of fixed objects can be right, but the model can learn their place only: add photos with the object elsewhere. Redraw placeholders.',
    },
    repeated.flatMap((same) => {
      const [first] = same;
      return first ? [`${first.box.label} ${placeOf(first.box)}: ${plural(photosOf(same), 'photo')}`] : [];
    }),
  );
}

/** The boxes of a class with one key, for each key that enough photos have. */
function repeatedIn(own: readonly PlacedBox[], keyOf: (placed: PlacedBox) => string): PlacedBox[][] {
  const partial = own.filter(({ box, image: { size } }) => !coversImage(box, size));
  return [...groupBy(partial, keyOf).values()].filter(
    (same) => same.length > NOTABLE_SHARE * own.length && photosOf(same) >= MIN_PHOTOS,
  );
}

const photosOf = (boxes: readonly PlacedBox[]) => new Set(boxes.map(({ image }) => image.group)).size;

const coversImage = ({ width, height }: Box, size: CuratedImage['size']) =>
  width * height >= WHOLE_IMAGE * size.width * size.height;

const placeOf = ({ left, top, width, height }: Box) => `${width}x${height} at ${left},${top}`;

const inShares = ({ box: { left, top, width, height }, image: { size } }: PlacedBox): string =>
  [left / size.width, top / size.height, width / size.width, height / size.height]
    .map((share) => Math.round(STEPS * share))
    .join();
