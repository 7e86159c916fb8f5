import type { ExifOrientation, Size } from './types.js';

/** Position and size of a box; fractional and partly outside the image, if the COCO file says so. */
export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Whether an EXIF orientation exchanges width and height. */
export const swapsSides = (orientation: ExifOrientation): boolean => orientation >= 5;

/** Size of an image after the rotation or mirroring that its EXIF orientation asks for. */
export function uprightSize(image: { readonly stored: Size; readonly orientation: ExifOrientation }): Size {
  const { stored, orientation } = image;
  return swapsSides(orientation) ? { width: stored.height, height: stored.width } : stored;
}

/** Moves a box from the stored image, of size `stored`, to the upright one (EXIF 2.32, tag 0x0112). */
export function turnBox({ x, y, width, height }: Rect, stored: Size, orientation: ExifOrientation): Rect {
  const fromRight = stored.width - x - width;
  const fromBottom = stored.height - y - height;
  switch (orientation) {
    case 1:
      return { x, y, width, height };
    case 2:
      return { x: fromRight, y, width, height };
    case 3:
      return { x: fromRight, y: fromBottom, width, height };
    case 4:
      return { x, y: fromBottom, width, height };
    case 5:
      return { x: y, y: x, width: height, height: width };
    case 6:
      return { x: fromBottom, y: x, width: height, height: width };
    case 7:
      return { x: fromBottom, y: fromRight, width: height, height: width };
    case 8:
      return { x: y, y: fromRight, width: height, height: width };
  }
}
