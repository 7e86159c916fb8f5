import type { Box, CuratedImage } from '../model/types.js';

/** A box and the image that it lies on. */
export interface PlacedBox {
  readonly box: Box;
  readonly image: CuratedImage;
}

/** The boxes of each class, in the order of the images. */
export type BoxesByLabel = ReadonlyMap<string, readonly PlacedBox[]>;

export function boxesByLabel(images: readonly CuratedImage[]): BoxesByLabel {
  const byLabel = new Map<string, PlacedBox[]>();
  for (const image of images) {
    for (const box of image.boxes) {
      const own = byLabel.get(box.label);
      if (own) own.push({ box, image });
      else byLabel.set(box.label, [{ box, image }]);
    }
  }
  return byLabel;
}
