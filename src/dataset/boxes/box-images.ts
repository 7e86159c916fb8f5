import { byCodePoint } from '../../lib/order.js';
import { type Candidate, sortKeyOf } from '../model/candidates.js';
import type { Drops } from '../model/drops.js';
import { exportedSide } from '../model/exported-side.js';
import { uprightSize } from '../model/orientation.js';
import { SERVICE_LIMITS } from '../model/service-limits.js';
import type { DatasetSettings } from '../model/settings.js';
import type { Box, LabelledImage, PreprocessedImage, Size } from '../model/types.js';
import { boxReadings } from './exif.js';
import { type ExifFacts, exifFacts } from './exif-facts.js';
import { isMismatched, moveBox } from './move-box.js';

export interface SeenImage {
  readonly image: LabelledImage;
  readonly result: PreprocessedImage;
}

/** A box that MIN_BOX_PX dropped. */
export interface TooSmallBox {
  readonly path: string;
  /** What of it lies in the picture, in pixels of the original. */
  readonly width: number;
  readonly height: number;
  /** The lowest IMAGE_MAX_SIDE that would keep it; null where none would. */
  readonly keptAt: number | null;
  /** In pixels of the preprocessed image; its sides may be 0. */
  readonly at: Box;
}

/** The result of moving all boxes: what curating goes on with, and what a report shows. */
export interface BoxedImages {
  /** Sorted by path. Includes images that lost all their boxes. */
  readonly candidates: readonly Candidate[];
  /** Images without any annotation, even one that can't be used. */
  readonly neverAnnotated: number;
  readonly tooSmall: readonly TooSmallBox[];
  /** Images whose COCO record states another shape than the file has. */
  readonly mismatched: readonly string[];
  readonly exif: ExifFacts;
}

/** Moves every box with its pixels; what doesn't survive is counted. */
export function boxImages(
  seen: readonly SeenImage[],
  groupOf: ReadonlyMap<string, string>,
  settings: DatasetSettings,
  drops: Drops,
): BoxedImages {
  const { minBoxPx } = settings;
  const readingOf = boxReadings(seen, settings.exifBoxes);
  const tooSmall: TooSmallBox[] = [];
  const mismatched: string[] = [];
  const sorted = [...seen].sort((a, b) => byCodePoint(a.image.path, b.image.path));
  const candidates = sorted.map((one): Candidate => {
    const { image, result } = one;
    const reading = readingOf(one);
    if (isMismatched(image, result, reading)) mismatched.push(image.path);
    const boxes: Box[] = [];
    for (const source of image.boxes) {
      const moved = moveBox(source, image, result, reading, minBoxPx);
      if ('box' in moved) {
        boxes.push(moved.box);
        continue;
      }
      drops.add(moved.dropped, 1);
      if (moved.dropped === 'too-small') {
        tooSmall.push({
          path: image.path,
          ...moved.visible,
          at: moved.at,
          keptAt: sideToKeep(
            one,
            moved.visible,
            minBoxPx,
            (output) => 'box' in moveBox(source, image, { ...result, output }, reading, minBoxPx),
          ),
        });
      }
    }
    return {
      path: image.path,
      key: result.key,
      size: result.output,
      boxes,
      group: groupOf.get(image.path) ?? image.path,
      sourceSha256: result.sourceSha256,
      sortKey: sortKeyOf(settings.seed, image.path),
      exported: exportedSide(image),
    };
  });
  const neverAnnotated = seen.filter(({ image }) => image.annotations === 0).length;
  return { candidates, neverAnnotated, tooSmall, mismatched, exif: exifFacts(seen, settings) };
}

/** Sides that are tried: what rounding can make of the one that is computed. */
const TRIED_SIDES = 4;

/** The IMAGE_MAX_SIDE from which a box is large enough, up to the service's and the image's own. */
function sideToKeep(
  { result }: SeenImage,
  visible: Size,
  minBoxPx: number,
  isKept: (output: Size) => boolean,
): number | null {
  const original = uprightSize(result);
  const longest = Math.max(original.width, original.height);
  const limit = Math.min(longest, SERVICE_LIMITS.maxSide);
  const first = Math.max(
    Math.ceil((minBoxPx * longest) / Math.min(visible.width, visible.height)),
    Math.max(result.output.width, result.output.height) + 1,
  );
  for (let side = first; side <= Math.min(limit, first + TRIED_SIDES); side += 1) {
    const output = {
      width: Math.round((original.width * side) / longest),
      height: Math.round((original.height * side) / longest),
    };
    if (isKept(output)) return side;
  }
  return null;
}
