import { imageTag, preprocessedKey } from '../dataset/model/identity.js';
import { rawKey } from '../dataset/model/layout.js';
import type { ImageSettings } from '../dataset/model/settings.js';
import { THUMBNAIL_BYTES } from '../dataset/model/thumbnail.js';
import { tileKey, tilesOf } from '../dataset/model/tiles.js';
import type {
  ArchiveEntry,
  ImageResult,
  PlanBatch,
  PlannedImage,
  PreprocessedImage,
} from '../dataset/model/types.js';

/** An object as storage lists it. */
export interface StoredObject {
  readonly bytes: number;
  readonly modified: Date;
}

/** Objects by key. */
export type StoredObjects = ReadonlyMap<string, StoredObject>;

/** The result of an image in an earlier version. */
export interface EarlierResult {
  readonly result: ImageResult;
  /** 64x64 luma means, one byte each. */
  readonly thumbnail: Uint8Array;
  /** When the result was written, which is after the objects that it describes. */
  readonly written: Date;
}

/** An earlier result that holds for an image of a batch if both files have the same bytes. */
export interface ReusableImage {
  /** Path of the image in the present archive; in the earlier one it may have another. */
  readonly path: string;
  readonly result: PreprocessedImage;
  readonly thumbnail: Uint8Array;
  /** Whether the original file is stored under `path`. */
  readonly hasRaw: boolean;
}

/** Earlier results for images of a batch. */
export interface Reusable {
  /** Whether they are of the same archive. If not, an image must be read and compared. */
  readonly sameArchive: boolean;
  /** By path in the present archive. */
  readonly images: ReadonlyMap<string, ReusableImage>;
}

/** Whether storage still has everything that the result of an image describes. */
export function isWhole(
  { entry }: PlannedImage,
  earlier: EarlierResult | undefined,
  {
    dataset,
    settings,
    stored,
  }: { readonly dataset: string; readonly settings: ImageSettings; readonly stored: StoredObjects },
): boolean {
  if (!earlier) return false;
  const { result, written } = earlier;
  // An entry that could not be unpacked has no original file.
  if (result.status === 'rejected' && result.reason === 'crc-mismatch') return true;
  const hasImage = result.status === 'rejected' || isStored(result, settings, stored);
  return hasImage && hasRaw(entry, written, dataset, stored);
}

/**
 * Selects the images of a batch for which an earlier result can be used. Rejected images are processed again, since their
 * results do not tell the image settings.
 * @param find returns the earlier result of a file that may have the same bytes
 */
export function reusableImages(
  batch: PlanBatch,
  find: (image: PlannedImage) => EarlierResult | undefined,
  context: {
    readonly sameArchive: boolean;
    readonly dataset: string;
    readonly settings: ImageSettings;
    readonly stored: StoredObjects;
  },
): ReusableImage[] {
  const { sameArchive, dataset, settings, stored } = context;
  return batch.images.flatMap((planned): ReusableImage[] => {
    const { entry } = planned;
    const earlier = find(planned);
    if (!earlier) return [];
    const { result, thumbnail, written } = earlier;
    if (result.status === 'rejected' || result.key !== keyOf(result, dataset, settings)) return [];
    if (!isStored(result, settings, stored)) return [];
    const keepsRaw = result.path === entry.path && hasRaw(entry, written, dataset, stored);
    // Without its original file the image must be read anyway.
    if (sameArchive && !keepsRaw) return [];
    return [{ path: entry.path, result, thumbnail, hasRaw: keepsRaw }];
  });
}

/** The key of a preprocessed image under these settings, perhaps with another path. */
export function keyOf(
  { key, sourceSha256, path }: Pick<PreprocessedImage, 'key' | 'sourceSha256' | 'path'>,
  dataset: string,
  settings: ImageSettings,
): string {
  const extension = key.endsWith('.png') ? 'png' : 'jpg';
  return preprocessedKey(dataset, path, imageTag(sourceSha256, path, settings), extension);
}

/** The keys of a preprocessed image under these settings: its tiles, then itself. */
export function keysOf(
  { key, output }: Pick<PreprocessedImage, 'key' | 'output'>,
  { tiles = 1 }: ImageSettings,
): string[] {
  return [...tilesOf(output, tiles).map((_, index) => tileKey(key, index)), key];
}

/** The thumbnail at a position of a batch's thumbnails. */
export function thumbnailAt(thumbnails: Buffer, index: number): Uint8Array {
  return thumbnails.subarray(index * THUMBNAIL_BYTES, (index + 1) * THUMBNAIL_BYTES);
}

const isStored = (result: PreprocessedImage, settings: ImageSettings, stored: StoredObjects) =>
  stored.get(result.key)?.bytes === result.bytes && keysOf(result, settings).every((key) => stored.has(key));

/** Whether the original file is stored. A later archive may have replaced it by another file with the same path. */
function hasRaw(entry: ArchiveEntry, written: Date, dataset: string, stored: StoredObjects): boolean {
  const raw = stored.get(rawKey(dataset, entry.path));
  return raw !== undefined && raw.bytes === entry.size && raw.modified <= written;
}
