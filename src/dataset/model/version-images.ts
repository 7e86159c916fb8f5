import { byCodePoint } from '../../lib/order.js';
import type { Box, CuratedImage, Side } from './types.js';

/** A line of `images.jsonl`: an image of the manifests, with facts that the manifests do not contain. */
export interface VersionImage {
  /** Path in the archive. */
  readonly path: string;
  /** S3 key of the preprocessed image. The `source-ref` of the manifest ends with it. */
  readonly key: string;
  readonly split: Side;
  /** Name of the group of copies: the smallest SHA-256 of their source files, hex. */
  readonly photo: string;
  /** SHA-256 of the source file's bytes, hex. */
  readonly sourceSha256: string;
  /** Size in pixels of the preprocessed image; boxes use the same pixels. */
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly Box[];
  /** The area of a tile in pixels of its photo, whose path it has; absent if the image is a whole photo. */
  readonly tile?: Omit<Box, 'label'> | undefined;
}

/** The lines of `images.jsonl`, without line ends: one per image of the two manifests, sorted by key. */
export function* versionImageLines(
  train: readonly CuratedImage[],
  val: readonly CuratedImage[],
): Generator<string> {
  const valImages = new Set(val);
  for (const image of [...train, ...val].sort((a, b) => byCodePoint(a.key, b.key))) {
    yield JSON.stringify(toLine(image, valImages.has(image) ? 'val' : 'train'));
  }
}

function toLine(
  { path, key, group, sourceSha256, size, boxes, tile }: CuratedImage,
  split: Side,
): VersionImage {
  return {
    path,
    key,
    split,
    photo: group,
    sourceSha256,
    width: size.width,
    height: size.height,
    boxes: boxes.map(({ label, left, top, width, height }) => ({ label, left, top, width, height })),
    ...(tile ? { tile } : {}),
  };
}
