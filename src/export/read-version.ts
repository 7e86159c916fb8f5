import { z } from 'zod';
import { RefusedError } from '../client/errors.js';
import { versionDir } from '../dataset/model/identity.js';
import { manifestKey, versionKey } from '../dataset/model/layout.js';
import { byCodePoint } from '../lib/order.js';
import { parseVersionImages } from '../pipeline/files.js';
import type { ObjectStore } from '../storage/object-store.js';
import type { ExportedDataset } from './files.js';
import { exportNames } from './names.js';

const reportSchema = z.object({ lineage: z.object({ datasetVersion: z.string() }) });
const labelsSchema = z.array(z.object({ name: z.string() }));

/**
 * The newest version of a dataset that passed validation. The copy under manifest/ only says which it is: it may be
 * replaced while it is read, a version's own files never are.
 * @throws RefusedError where no version has passed
 */
export async function readNewestVersion(
  store: ObjectStore,
  bucket: string,
  dataset: string,
): Promise<ExportedDataset> {
  const report = await store.findJson(bucket, manifestKey(dataset, 'validation_report.json'), reportSchema);
  if (!report) {
    throw new RefusedError(
      `${dataset} has no version that passed validation: there is nothing to export. Look with \`curator report ${dataset}\`.`,
    );
  }
  const { datasetVersion } = report.lineage;
  const version = versionDir(datasetVersion);
  const labels = await store.getJson(bucket, versionKey(dataset, version, 'labels.json'), labelsSchema);
  const lines = await store.getBytes(bucket, versionKey(dataset, version, 'images.jsonl'));
  const images = parseVersionImages(lines.toString('utf8'));
  const names = exportNames(images.map(({ key }) => key));
  return {
    dataset,
    datasetVersion,
    labels: labels.map(({ name }) => name),
    images: images
      .map((image) => ({ ...image, name: names.get(image.key) ?? image.key }))
      .sort((a, b) => byCodePoint(a.name, b.name)),
  };
}
