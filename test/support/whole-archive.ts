import { bufferSource } from '../../src/archive/source.js';
import { readArchive } from '../../src/check/examine.js';
import { type DatasetSettings, DEFAULT_DATASET_SETTINGS } from '../../src/dataset/model/settings.js';
import { textOf } from '../../src/lib/text-lines.js';
import { convert } from '../../src/pipeline/convert.js';

/** Settings for small archives, which have few images per class. */
const SMALL: DatasetSettings = { ...DEFAULT_DATASET_SETTINGS, minClassImages: 1, valSplit: 0.25 };

/** Runs all stages before training on an archive, in this process; returns the plan, the images and the manifests. */
export async function readWhole(zip: Buffer, changed: Partial<DatasetSettings> = {}) {
  const settings = { ...SMALL, ...changed };
  const onProgress = () => undefined;
  const archive = await readArchive(bufferSource(zip), { dataset: 'd', settings, onProgress });
  const { plan, records } = archive;
  const converted = convert({ ...archive, settings, bucket: 'bucket', dataset: 'd' });
  const [trainManifest, valManifest, imagesJsonl] = [
    textOf(converted.trainManifest),
    textOf(converted.valManifest),
    textOf(converted.imagesJsonl),
  ];
  return { plan, records, ...converted, trainManifest, valManifest, imagesJsonl };
}
