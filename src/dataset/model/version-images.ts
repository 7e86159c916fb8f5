import { byCodePoint } from '../../lib/order.js';
import type { Box, CuratedImage, Side } from './types.js';

/** A line of `images.jsonl`: an image of the manifests, with what the manifests don't say of it. */
export interface VersionImage {
  /** Path in the archive. */
  readonly path: string;
  /** Key of the preprocessed object, which the manifest's source-ref ends with. */
  readonly key: string;
  readonly split: Side;
  /** Names the photo that the image is one of the copies of: the smallest SHA-256 of their source files, hex. */
  readonly photo: string;
  /** SHA-256 of the source file's bytes, hex. */
  readonly sourceSha256: string;
  /** Pixels of the preprocessed image, which the boxes are in too. */
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly Box[];
}

/** `images.jsonl`: the images of both manifests, a line each, sorted by key. */
export function imagesJsonl(train: readonly CuratedImage[], val: readonly CuratedImage[]): string {
  return [...train.map((image) => toLine(image, 'train')), ...val.map((image) => toLine(image, 'val'))]
    .sort((a, b) => byCodePoint(a.key, b.key))
    .map((image) => `${JSON.stringify(image)}\n`)
    .join('');
}

function toLine({ path, key, group, sourceSha256, size, boxes }: CuratedImage, split: Side): VersionImage {
  return {
    path,
    key,
    split,
    photo: group,
    sourceSha256,
    width: size.width,
    height: size.height,
    boxes: boxes.map(({ label, left, top, width, height }) => ({ label, left, top, width, height })),
  };
}
