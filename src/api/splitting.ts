/** `curator/splitting`: finds copies of photos, and splits images so that no photo is in both train and validation. */
import { createHash } from 'node:crypto';
import { searchCopies } from '../dataset/copies/find-copies.js';
import { type Candidate, sortKeyOf } from '../dataset/model/candidates.js';
import { DEFAULT_DATASET_SETTINGS } from '../dataset/model/settings.js';
import { splitImages } from '../dataset/splitting/split.js';
import { preprocessImage } from '../images/preprocess.js';
import { drive } from '../pipeline/drive.js';

export { DatasetError, type RefusalDetails, type RefusalType } from '../dataset/model/errors.js';

/** What identifies a picture and its copies. */
export interface Fingerprint {
  /** SHA-256 of the file's bytes, hex. */
  readonly sha256: string;
  /** Brightness of the upright picture in a grid of 64 x 64 cells: 4096 bytes, row by row. */
  readonly thumbnail: Uint8Array;
}

/**
 * Decodes an image file (JPEG, PNG, WebP, TIFF, GIF, AVIF) and returns its fingerprint.
 * Returns undefined if the image cannot be decoded, or if Rekognition Custom Labels does not accept its size.
 */
export async function fingerprint(bytes: Uint8Array): Promise<Fingerprint | undefined> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const prepared = await preprocessImage(buffer, DEFAULT_DATASET_SETTINGS);
  if ('reason' in prepared) return undefined;
  return { sha256: createHash('sha256').update(buffer).digest('hex'), thumbnail: prepared.thumbnail64 };
}

/**
 * Groups copies of the same photo: equal bytes; similar pictures, also rotated or mirrored; and augmented copies under
 * one Roboflow source name. Returns the name of the group for each path. An image without copies is a group of its own.
 * The result does not depend on the order of the images.
 */
export async function groupCopies(
  images: readonly (Fingerprint & { readonly path: string })[],
): Promise<Map<string, string>> {
  const pictures = images.map(({ path, sha256 }) => ({ path, sourceSha256: sha256 }));
  return await drive(searchCopies(pictures, (index) => images[index]?.thumbnail ?? new Uint8Array()));
}

/** An image to split. */
export interface SplitImage {
  readonly path: string;
  /** Classes that the image shows. */
  readonly labels: readonly string[];
  /** Images of one group go to the same side: copies, or all images of one patient. The default is `path`. */
  readonly group?: string;
}

export interface SplitOptions {
  /** Share of the images that goes to validation, above 0 and below 1. The default is 0.1. */
  readonly valSplit?: number;
  /** Seed for hash-based ordering. The default is 0. */
  readonly seed?: number;
}

export interface LeaklessSplit {
  /** Paths of the training images. */
  readonly train: readonly string[];
  /** Paths of the validation images. */
  readonly val: readonly string[];
}

/**
 * Splits images into train and validation. Groups stay together, the validation split has the classes in proportion, and
 * each of its classes is also in train. The order of the images does not matter, and a new export of the same photos from
 * Roboflow is split the same way.
 * @throws DatasetError `SplitImpossible` if no image can go to the validation split, with the reason
 */
export function splitWithoutLeaks(
  images: readonly SplitImage[],
  { valSplit = 0.1, seed = 0 }: SplitOptions = {},
): LeaklessSplit {
  const { train, val } = splitImages(
    images.map((image) => candidateOf(image, seed)),
    valSplit,
  );
  const paths = (side: readonly Candidate[]) => side.map(({ path }) => path);
  return { train: paths(train), val: paths(val) };
}

/** Splitting looks at labels, group and order only; the other fields are empty. */
function candidateOf({ path, labels, group = path }: SplitImage, seed: number): Candidate {
  return {
    ...{ path, group, unit: group, key: path, sourceSha256: group, exported: null },
    size: { width: 0, height: 0 },
    boxes: labels.map((label) => ({ label, left: 0, top: 0, width: 0, height: 0 })),
    sortKey: sortKeyOf(seed, path),
  };
}
