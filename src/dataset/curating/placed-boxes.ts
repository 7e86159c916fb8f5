import type { Box, CuratedImage } from '../model/types.js';

/** A box and the image that it lies on. */
export interface PlacedBox {
  readonly box: Box;
  readonly image: CuratedImage;
}

/** The boxes of images by class. They are put together for one class at a time, since those of all classes take much memory. */
export class BoxesByLabel {
  readonly #imagesOf = new Map<string, CuratedImage[]>();

  constructor(images: readonly CuratedImage[]) {
    for (const image of images) {
      for (const { label } of image.boxes) {
        const own = this.#imagesOf.get(label);
        if (!own) this.#imagesOf.set(label, [image]);
        else if (own.at(-1) !== image) own.push(image);
      }
    }
  }

  /** The boxes of one class after the other, each in the order of the images. */
  *classes(): Generator<readonly PlacedBox[]> {
    for (const [label, images] of this.#imagesOf) {
      yield images.flatMap((image) =>
        image.boxes.filter((box) => box.label === label).map((box) => ({ box, image })),
      );
    }
  }
}
