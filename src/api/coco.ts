/** `curator/coco`: reads COCO datasets from an archive or from the text of one COCO file. */
import { readEntries } from '../archive/entries.js';
import { type ByteSource, bufferSource, fileSource } from '../archive/source.js';
import { DatasetError } from '../dataset/model/errors.js';
import type { DatasetFinding } from '../dataset/model/findings.js';
import { DEFAULT_DATASET_SETTINGS } from '../dataset/model/settings.js';
import type { SourceBox } from '../dataset/model/types.js';
import { ReadingBudget } from '../dataset/reading/budget.js';
import { readCocoFile } from '../dataset/reading/coco.js';
import { jsonInMemory } from '../dataset/reading/json-file.js';
import { byCodePoint } from '../lib/order.js';
import { drive } from '../pipeline/drive.js';
import { inspect } from '../pipeline/inspect.js';

export { DatasetError, type RefusalDetails, type RefusalType } from '../dataset/model/errors.js';
export type { DatasetFinding } from '../dataset/model/findings.js';
export type { SourceBox } from '../dataset/model/types.js';

/** An image with its labels, as the COCO files describe it. */
export interface CocoImage {
  /** Path in the archive; `file_name` if one COCO file was read without an archive. */
  readonly path: string;
  /** Width in pixels as the COCO file states it; null if it states none, or if records contradict each other. */
  readonly width: number | null;
  /** Height in pixels as the COCO file states it; null if it states none, or if records contradict each other. */
  readonly height: number | null;
  /** Boxes in pixels; fractional, and possibly beyond the edges of the image. */
  readonly boxes: readonly SourceBox[];
}

/** The bytes of an image, or why they cannot be read. */
export type ReadImage =
  | { readonly image: CocoImage; readonly bytes: Uint8Array }
  | { readonly image: CocoImage; readonly problem: string };

/** An opened archive. Call `close` when it is no longer needed. */
export interface CocoArchive {
  /** Images whose file is in the archive, sorted by path. */
  readonly images: readonly CocoImage[];
  /** Classes with at least one usable box, sorted. */
  readonly labels: readonly string[];
  /** Annotations in the COCO files, and the unusable ones by reason. */
  readonly annotations: { readonly found: number; readonly dropped: Readonly<Record<string, number>> };
  /** Image records without a file in the archive. */
  readonly missing: readonly { readonly path: string; readonly message: string }[];
  /** Warnings about what was read, with examples. */
  readonly findings: readonly DatasetFinding[];
  /** Reads the images in the order of the archive. Damaged images have a `problem`; errors of the disk are thrown. */
  readImages(): AsyncGenerator<ReadImage>;
  /** Closes the file. Does nothing if the archive was given as bytes. */
  close(): Promise<void>;
}

/** One COCO file, read without its images. */
export interface CocoText {
  readonly images: readonly CocoImage[];
  /** Classes with at least one usable box, sorted by code point. */
  readonly labels: readonly string[];
  /** Unusable annotations by reason; `unknown-image` counts those whose `image_id` is not in the file. */
  readonly dropped: Readonly<Record<string, number>>;
}

export interface CocoOptions {
  /** Whether boxes around groups of objects (`iscrowd`) are kept. The default is false. */
  readonly keepCrowd?: boolean;
}

/**
 * Reads the directory and all COCO files of a ZIP, in any layout that Curator knows (Roboflow, CVAT, Label Studio,
 * FiftyOne, COCO 2017). Several COCO files are merged; no image counts twice. No image is read yet.
 * @param archive path of a ZIP file, or its bytes
 * @throws DatasetError if the archive is unreadable or unsafe, or if it contains no usable COCO dataset
 */
export async function openCocoArchive(
  archive: string | Uint8Array,
  { keepCrowd = false }: CocoOptions = {},
): Promise<CocoArchive> {
  const { source, close } = await open(archive);
  try {
    const { merged, batches } = await inspect(source, { ...DEFAULT_DATASET_SETTINGS, keepCrowd });
    const images = new Map(merged.images.map((image) => [image.path, imageOf(image.path, image)]));
    const entries = batches.flatMap((batch) => batch.images.map(({ entry }) => entry));
    return {
      images: [...images.values()],
      labels: merged.labels,
      annotations: merged.annotations,
      missing: merged.rejected.map(({ path, message }) => ({ path, message })),
      findings: merged.findings,
      async *readImages() {
        for await (const { entry, ...read } of readEntries(source, entries)) {
          const image = images.get(entry.path);
          if (image) yield { image, ...read };
        }
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/**
 * Reads the text of one COCO file.
 * @param name name of the file, for messages
 * @throws DatasetError if the text is not COCO or is damaged
 */
export async function readCocoText(
  text: string | Uint8Array,
  name = 'annotations.coco.json',
  { keepCrowd = false }: CocoOptions = {},
): Promise<CocoText> {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text;
  const file = await drive(readCocoFile(jsonInMemory(name, bytes), { keepCrowd }, new ReadingBudget()));
  if (!file) {
    throw new DatasetError('CocoInvalid', `${name} has no images or no annotations list. Export it as COCO.`);
  }
  if (file.inconsistency) throw file.inconsistency;
  const dropped: Record<string, number> = file.orphans > 0 ? { 'unknown-image': file.orphans } : {};
  for (const image of file.images) {
    for (const [reason, count] of Object.entries(image.dropped)) {
      dropped[reason] = (dropped[reason] ?? 0) + count;
    }
  }
  const labels = new Set(file.images.flatMap(({ boxes }) => boxes.map(({ label }) => label)));
  return {
    images: file.images.map((image) => imageOf(image.fileName, image)),
    labels: [...labels].sort(byCodePoint),
    dropped,
  };
}

function imageOf(path: string, { width, height, boxes }: Omit<CocoImage, 'path'>): CocoImage {
  return { path, width, height, boxes };
}

async function open(
  archive: string | Uint8Array,
): Promise<{ source: ByteSource; close: () => Promise<void> }> {
  if (typeof archive === 'string') {
    const source = await fileSource(archive);
    return { source, close: () => source.close() };
  }
  return { source: bufferSource(Buffer.from(archive)), close: async () => undefined };
}
