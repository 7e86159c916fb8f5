import { isMismatched, moveBox } from './boxes.js';
import { type Candidate, placeOfPath } from './candidates.js';
import type { Drops } from './drops.js';
import { boxReadings } from './exif.js';
import type { DatasetSettings } from './settings.js';
import type { Box, LabelledImage, PreprocessedImage } from './types.js';

export interface SeenImage {
  readonly image: LabelledImage;
  readonly result: PreprocessedImage;
}

/** A box that MIN_BOX_PX dropped. */
export interface TooSmallBox {
  readonly path: string;
  /** In pixels of the original. */
  readonly shortSide: number;
  /** Longest side of the original in pixels. */
  readonly originalSide: number;
}

export interface BoxedImages {
  readonly candidates: readonly Candidate[];
  /** Images without any annotation, even one that can't be used. */
  readonly neverAnnotated: number;
  readonly tooSmall: readonly TooSmallBox[];
  /** Images whose COCO record states another shape than the file has. */
  readonly mismatched: readonly string[];
}

/** Moves every box with its pixels; what doesn't survive is counted. */
export function boxImages(
  seen: readonly SeenImage[],
  groupOf: ReadonlyMap<string, string>,
  settings: DatasetSettings,
  drops: Drops,
): BoxedImages {
  const readingOf = boxReadings(seen, settings.exifBoxes);
  const tooSmall: TooSmallBox[] = [];
  const mismatched: string[] = [];
  const candidates = seen.map((one): Candidate => {
    const { image, result } = one;
    const reading = readingOf(one);
    if (isMismatched(image, result, reading)) mismatched.push(image.path);
    const boxes: Box[] = [];
    for (const source of image.boxes) {
      const moved = moveBox(source, image, result, reading, settings.minBoxPx);
      if ('box' in moved) {
        boxes.push(moved.box);
        continue;
      }
      drops.add(moved.dropped, 1);
      if (moved.dropped === 'too-small') tooSmall.push(describe(one, moved.shortSide));
    }
    return {
      path: image.path,
      key: result.key,
      size: result.output,
      boxes,
      group: groupOf.get(image.path) ?? image.path,
      sourceSha256: result.sourceSha256,
      place: placeOfPath(settings.seed, image.path),
    };
  });
  const neverAnnotated = seen.filter(({ image }) => image.annotations === 0).length;
  return { candidates, neverAnnotated, tooSmall, mismatched };
}

function describe({ image, result }: SeenImage, shortSide: number): TooSmallBox {
  const { stored } = result;
  return {
    path: image.path,
    shortSide,
    originalSide: Math.max(stored.width, stored.height),
  };
}
