import { createHash } from 'node:crypto';
import { type EntryRead, readEntries } from '../archive/entries.js';
import type { ByteSource } from '../archive/source.js';
import { imageTag, preprocessedKey } from '../dataset/model/identity.js';
import type { DatasetSettings } from '../dataset/model/settings.js';
import { THUMBNAIL_BYTES } from '../dataset/model/thumbnail.js';
import { tileKey } from '../dataset/model/tiles.js';
import type {
  BatchResult,
  ImageResult,
  PlanBatch,
  PlannedImage,
  RejectionReason,
} from '../dataset/model/types.js';
import { type ImageShare, shareProblem } from '../images/decoding-cost.js';
import { formatOf } from '../images/format.js';
import { type PreparedImage, preprocessImage } from '../images/preprocess.js';
import { imageSlots } from '../images/slots.js';
import { ContentResults } from './content-results.js';
import { keyOf, keysOf, type Reusable, type ReusableImage } from './reusable.js';

/** Receives the images of a batch: writes them to storage, or discards them in a check. */
export interface BatchSink {
  /** Stores the original file; `sha256` is its hash in hex. */
  raw(path: string, bytes: Buffer, sha256: string): Promise<void>;
  /** Stores a preprocessed image or a tile of it; the key depends on content and image settings. */
  preprocessed(key: string, image: Pick<PreparedImage, 'body' | 'contentType'>): Promise<void>;
  /** Stores a preprocessed image under a further key. Returns false if `from` does not exist. */
  copied(from: string, to: string): Promise<boolean>;
}

export interface ProcessedBatch {
  readonly result: BatchResult;
  /** 64x64 luma thumbnails one after another in the order of the plan; zeros if an image was rejected. */
  readonly thumbnails: Buffer;
}

/**
 * Reads the images of a batch in archive order and preprocesses them in parallel. An unreadable image is a rejection in
 * the result. Images with earlier results of the same archive are not read; others are not decoded if they have the same
 * bytes as in an earlier archive, or as another image of `contents`.
 * @param input.contents results of files that several batches share; without it, those of this batch
 * @param input.onImage is called after each image, in order of completion
 * @throws errors of the source or the sink
 */
export async function processBatch(input: {
  readonly source: ByteSource;
  readonly batch: PlanBatch;
  readonly dataset: string;
  readonly settings: DatasetSettings;
  readonly reusable?: Reusable;
  readonly contents?: ContentResults<Processed>;
  readonly sink: BatchSink;
  readonly signal?: AbortSignal;
  readonly onImage: (result: ImageResult) => void;
}): Promise<ProcessedBatch> {
  const { batch, signal, onImage } = input;
  const results = new Map<string, ImageResult>();
  const thumbnails = Buffer.alloc(batch.images.length * THUMBNAIL_BYTES);
  const planned = new Map(batch.images.map((image, index) => [image.entry.path, { image, index }]));
  const accept = ({ result, thumbnail }: Processed) => {
    const slot = planned.get(result.path);
    if (slot && thumbnail) thumbnails.set(thumbnail, slot.index * THUMBNAIL_BYTES);
    results.set(result.path, result);
    onImage(result);
  };
  const known = input.reusable?.sameArchive ? input.reusable.images : new Map<string, ReusableImage>();
  for (const { entry } of batch.images) {
    const image = known.get(entry.path);
    if (image) accept(image);
  }
  const entries = batch.images.map(({ entry }) => entry).filter(({ path }) => !known.has(path));
  const archiveImages = batch.archiveImages ?? batch.images.length;
  const context = {
    ...input,
    archiveImages,
    contents: input.contents ?? new ContentResults<Processed>(entries),
  };

  const pending = new Set<Promise<void>>();
  let pendingBytes = 0;
  const failures: unknown[] = [];
  const start = (read: EntryRead) => {
    const slot = planned.get(read.entry.path);
    if (!slot) return;
    const { size } = read.entry;
    pendingBytes += size;
    const task = imageSlots(async () => {
      signal?.throwIfAborted();
      accept(
        'problem' in read
          ? { result: rejected(slot.image, 'crc-mismatch', read.problem), thumbnail: null }
          : await processImage(slot.image, read.bytes, context),
      );
    })
      .catch((error: unknown) => {
        failures.push(error);
      })
      .finally(() => {
        pending.delete(task);
        pendingBytes -= size;
      });
    pending.add(task);
  };
  const reads = readEntries(input.source, entries, signal ? { signal } : {});
  // A function of its own, so that nothing refers to the bytes of an image while the next one is read.
  const startNext = async () => {
    const { done, value } = await reads.next();
    if (done !== true) start(value);
    return done !== true;
  };
  while ((await startNext()) && failures.length === 0) {
    // Backpressure: bounds the images held in memory.
    while (pending.size >= MAX_PENDING || (pendingBytes > MAX_PENDING_BYTES && pending.size > 0)) {
      await Promise.race(pending);
    }
  }
  await Promise.all(pending);
  if (failures.length > 0) throw failures[0];

  const images = batch.images.map(({ entry }) => {
    const result = results.get(entry.path);
    if (!result) throw new Error(`No result for ${entry.path} in batch ${batch.index}.`);
    return result;
  });
  return { result: { index: batch.index, images }, thumbnails };
}

/** Maximum images held in memory: twice the parallel pipelines, so that none waits for bytes. */
const MAX_PENDING = 8;
/** Bytes of these images above which no further one is read. One alone may have more. */
const MAX_PENDING_BYTES = 64 * 1024 * 1024;

/** The result of one image. */
export interface Processed {
  readonly result: ImageResult;
  /** Null if the image was rejected. */
  readonly thumbnail: Uint8Array | null;
}

interface ImageContext {
  readonly dataset: string;
  readonly settings: DatasetSettings;
  readonly archiveImages: number;
  readonly reusable?: Reusable;
  readonly contents: ContentResults<Processed>;
  readonly sink: BatchSink;
}

async function processImage(planned: PlannedImage, bytes: Buffer, context: ImageContext): Promise<Processed> {
  const { reusable, contents } = context;
  const { entry } = planned;
  const share = { images: context.archiveImages, packedBytes: entry.compressedSize };
  const sourceSha256 = createHash('sha256').update(bytes).digest('hex');
  const earlier = reusable?.images.get(entry.path);
  if (earlier?.result.sourceSha256 === sourceSha256) {
    const reused = await reuse(earlier, bytes, share, context);
    if (reused) return reused;
  }
  const decode = async () => await processContent(planned, bytes, sourceSha256, share, context);
  const { result: processed, isFirst } = await contents.once(entry, sourceSha256, decode);
  if (isFirst) return processed;
  const { result, thumbnail } = processed;
  const reused =
    result.status === 'preprocessed' && thumbnail
      ? await reuse({ path: entry.path, result, thumbnail, hasRaw: false }, bytes, share, context)
      : undefined;
  return reused ?? (await decode());
}

/** Decodes and stores a file. */
async function processContent(
  planned: PlannedImage,
  bytes: Buffer,
  sourceSha256: string,
  share: ImageShare,
  { dataset, settings, sink }: ImageContext,
): Promise<Processed> {
  const { path } = planned.entry;
  const [prepared] = await Promise.all([
    preprocessImage(bytes, settings, share),
    sink.raw(path, bytes, sourceSha256),
  ]);
  if ('reason' in prepared) {
    return { result: rejected(planned, prepared.reason, prepared.message), thumbnail: null };
  }
  const key = preprocessedKey(dataset, path, imageTag(sourceSha256, path, settings), prepared.format);
  // The photo is stored last: where it is, its tiles are too.
  for (const [index, { body }] of prepared.tiles.entries()) {
    await sink.preprocessed(tileKey(key, index), { ...prepared, body });
  }
  await sink.preprocessed(key, prepared);
  const result: ImageResult = {
    status: 'preprocessed',
    path,
    key,
    sourceSha256,
    bytes: prepared.body.length,
    stored: prepared.stored,
    orientation: prepared.orientation,
    output: prepared.output,
    untouched: prepared.untouched,
  };
  return { result, thumbnail: prepared.thumbnail64 };
}

/**
 * Uses the result of a file with the same bytes. Returns undefined if its preprocessed image is gone, or if this archive
 * has no time for decoding it, so that the result does not depend on earlier archives.
 */
async function reuse(
  { path, result, thumbnail, hasRaw }: ReusableImage,
  bytes: Buffer,
  share: ImageShare,
  { dataset, settings, sink }: ImageContext,
): Promise<Processed | undefined> {
  if (shareProblem(bytes, formatOf(bytes), result.stored, share)) return undefined;
  const key = keyOf({ ...result, path }, dataset, settings);
  if (key !== result.key) {
    const [from, to] = [keysOf(result, settings), keysOf({ ...result, key }, settings)];
    for (const [index, stored] of from.entries()) {
      if (!(await sink.copied(stored, to[index] ?? key))) return undefined;
    }
  }
  if (!hasRaw) await sink.raw(path, bytes, result.sourceSha256);
  return { result: { ...result, path, key }, thumbnail };
}

function rejected(planned: PlannedImage, reason: RejectionReason, message: string): ImageResult {
  return {
    status: 'rejected',
    path: planned.entry.path,
    cocoFile: planned.image.cocoFile,
    reason,
    message,
  };
}
