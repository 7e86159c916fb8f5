import { z } from 'zod';
import { RefusedError } from '../client/errors.js';
import { MAX_VERSION_IMAGES, versionImageSchema } from '../contracts/version-images.js';
import { versionDir } from '../dataset/model/identity.js';
import { datasetLandingPrefix, datasetPrefix, manifestKey, versionKey } from '../dataset/model/layout.js';
import { SERVICE_LIMITS } from '../dataset/model/service-limits.js';
import type { VersionImage } from '../dataset/model/version-images.js';
import { byCodePoint } from '../lib/order.js';
import { readJsonLines } from '../storage/json-lines.js';
import type { ObjectStore } from '../storage/object-store.js';
import type { ExportedDataset, NamedImage } from './files.js';
import { exportNames } from './names.js';

/** Reads preprocessed images by key. None has more bytes than the service accepts, whatever the list of images names. */
export function imageReader(store: ObjectStore, bucket: string): (key: string) => Promise<Buffer> {
  return (key) => store.getBytes(bucket, key, { maxBytes: SERVICE_LIMITS.imageBytes });
}

const reportSchema = z.object({ lineage: z.object({ datasetVersion: z.string() }) });
const labelsSchema = z.array(z.object({ name: z.string() }));

/**
 * Reads the latest version of a dataset that passed validation. The files under manifest/ are used only to find that
 * version, because they may be replaced during the export. The files of a version are never replaced.
 * @throws RefusedError if no version passed validation
 */
export async function readNewestVersion(
  store: ObjectStore,
  bucket: string,
  dataset: string,
): Promise<ExportedDataset> {
  const datasetVersion = await newestVersionOf(store, bucket, dataset);
  const version = versionDir(datasetVersion);
  const labels = await store.getJson(bucket, versionKey(dataset, version, 'labels.json'), labelsSchema);
  const images = await readVersionImages(store, { bucket, dataset, version });
  return { dataset, datasetVersion, labels: labels.map(({ name }) => name), images };
}

/**
 * Returns the latest version of a dataset that passed validation, all hexadecimal digits.
 * @throws RefusedError if no version passed validation, or if there is no such dataset
 */
export async function newestVersionOf(store: ObjectStore, bucket: string, dataset: string): Promise<string> {
  const report = await store.findJson(bucket, manifestKey(dataset, 'validation_report.json'), reportSchema);
  if (!report) {
    if (!(await isKnown(store, bucket, dataset))) {
      throw new RefusedError(
        `The dataset ${dataset} does not exist. List the datasets with \`curator list\`.`,
      );
    }
    throw new RefusedError(
      `Dataset ${dataset} has no version that passed validation. See \`curator report ${dataset}\` for the findings.`,
    );
  }
  return report.lineage.datasetVersion;
}

/** Whether the bucket has anything of a dataset: an upload, or what a run has written. */
async function isKnown(store: ObjectStore, bucket: string, dataset: string): Promise<boolean> {
  for (const prefix of [datasetPrefix(dataset), datasetLandingPrefix(dataset)]) {
    const first = await store.list(bucket, prefix).next();
    if (!first.done) return true;
  }
  return false;
}

/** Reads the images of a dataset version, sorted by their names in an export. */
export async function readVersionImages(
  store: ObjectStore,
  {
    bucket,
    dataset,
    version,
  }: { readonly bucket: string; readonly dataset: string; readonly version: string },
): Promise<NamedImage[]> {
  const listed = { bucket, key: versionKey(dataset, version, 'images.jsonl') };
  const images: VersionImage[] = [];
  for await (const { value } of readJsonLines(store, listed, versionImageSchema, {
    maxLines: MAX_VERSION_IMAGES,
  })) {
    images.push(value);
  }
  const names = exportNames(images);
  return images
    .map((image) => ({ ...image, name: names.get(image.key) ?? image.key }))
    .sort((a, b) => byCodePoint(a.name, b.name));
}
