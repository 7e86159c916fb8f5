import { manifestLines } from '../custom-labels/write-manifest.js';
import { searchCopies } from '../dataset/copies/find-copies.js';
import { type SamePicture, samePictures } from '../dataset/copies/same-pictures.js';
import { type UnmovedBoxes, unmovedBoxes } from '../dataset/copies/unmoved-boxes.js';
import { type Curation, curate } from '../dataset/curating/curate.js';
import { labelsJson, labelsTxt } from '../dataset/curating/labels.js';
import { hasLowContrast } from '../dataset/model/contrast.js';
import type { DatasetSettings } from '../dataset/model/settings.js';
import type { ImageResult, LabelledImage } from '../dataset/model/types.js';
import { versionImageLines } from '../dataset/model/version-images.js';
import { drive } from './drive.js';
import type { Plan } from './files.js';

/** An image record and the result of preprocessing its file. */
export interface ProcessedRecord {
  readonly image: LabelledImage;
  readonly result: ImageResult;
  /** 64x64 luma means, one byte each; zeros if the image was rejected. */
  readonly thumbnail64: Uint8Array;
}

/** What the thumbnails of the images show. */
export interface PictureFacts {
  /** The group of copies of each preprocessed image, by path. */
  readonly groupOf: ReadonlyMap<string, string>;
  /** The image that shows the same picture, by path of the copy. */
  readonly sameAs: ReadonlyMap<string, SamePicture>;
  /** Copies that were moved without their boxes. */
  readonly unmoved: readonly UnmovedBoxes[];
  /** Paths of the preprocessed images with low contrast. */
  readonly lowContrast: readonly string[];
}

/** A curated dataset and the files that describe it; those with a line per image as lines, made while they are read. */
export interface ConvertedDataset {
  readonly curation: Curation;
  readonly trainManifest: Iterable<string>;
  readonly valManifest: Iterable<string>;
  readonly imagesJsonl: Iterable<string>;
  readonly labelsTxt: string;
  readonly labelsJson: string;
}

/**
 * Curates the images and returns the manifests and the other files of a dataset version.
 * @throws CurationRefusal if the dataset cannot be trained on
 */
export function convert(
  input: PictureFacts & {
    readonly plan: Plan;
    readonly records: readonly Omit<ProcessedRecord, 'thumbnail64'>[];
    readonly settings: DatasetSettings;
    readonly bucket: string;
    readonly dataset: string;
  },
): ConvertedDataset {
  const { plan, records, groupOf, sameAs, unmoved, lowContrast, settings, bucket, dataset } = input;
  const curation = curate({
    images: records,
    missing: plan.missing,
    annotationsFound: plan.annotations.found,
    droppedWhileReading: plan.annotations.dropped,
    foundWhileReading: plan.findings,
    groupOf,
    sameAs,
    unmoved,
    lowContrast,
    settings,
  });
  const labels = curation.labels.map(({ label }) => label);
  const context = { bucket, dataset, creationDate: plan.creationDate };
  return {
    curation,
    trainManifest: manifestLines(curation.manifests.train, labels, context),
    valManifest: manifestLines(curation.manifests.val, labels, context),
    labelsTxt: labelsTxt(curation.labels),
    labelsJson: labelsJson(curation.labels),
    imagesJsonl: versionImageLines(curation.manifests.train, curation.manifests.val),
  };
}

/** Finds copies, moved ones too, and images with low contrast. Nothing else needs the thumbnails. */
export async function pictureFacts(records: readonly ProcessedRecord[]): Promise<PictureFacts> {
  const groupOf = await groupCopies(records);
  const sameAs = samePicturesIn(records, groupOf);
  return {
    groupOf,
    sameAs,
    unmoved: unmovedBoxesIn(records, sameAs),
    lowContrast: lowContrastPaths(records),
  };
}

async function groupCopies(records: readonly ProcessedRecord[]): Promise<ReadonlyMap<string, string>> {
  const pictures = records.flatMap(({ result, thumbnail64 }) =>
    result.status === 'preprocessed' ? [{ result, thumbnail64 }] : [],
  );
  const search = searchCopies(
    pictures.map(({ result: { path, sourceSha256 } }) => ({ path, sourceSha256 })),
    (index) => pictures[index]?.thumbnail64 ?? new Uint8Array(),
  );
  return await drive(search);
}

function samePicturesIn(
  records: readonly ProcessedRecord[],
  groupOf: ReadonlyMap<string, string>,
): Map<string, SamePicture> {
  return samePictures(
    records.flatMap(({ result, thumbnail64 }) => {
      if (result.status === 'rejected') return [];
      const { path, sourceSha256 } = result;
      return [{ path, sourceSha256, thumbnail64, group: groupOf.get(path) ?? path }];
    }),
  );
}

/** Copies with unmoved boxes, except those whose boxes `sameAs` compares, and images that EXIF data turns. */
function unmovedBoxesIn(
  records: readonly ProcessedRecord[],
  sameAs: ReadonlyMap<string, SamePicture>,
): UnmovedBoxes[] {
  return unmovedBoxes(
    records.flatMap(({ image, result, thumbnail64 }) => {
      if (result.status === 'rejected' || result.orientation !== 1 || sameAs.has(image.path)) return [];
      const { path, boxes, width, height } = image;
      const size = width === null || height === null ? result.stored : { width, height };
      return [{ path, boxes, size, thumbnail64 }];
    }),
  );
}

/** Returns the paths of the preprocessed images that are nearly uniform or nearly black. */
function lowContrastPaths(records: readonly ProcessedRecord[]): string[] {
  return records.flatMap(({ result, thumbnail64 }) =>
    result.status === 'preprocessed' && hasLowContrast(thumbnail64) ? [result.path] : [],
  );
}
