import { modelReportKey } from '../../dataset/model/layout.js';
import { judgeImage } from '../../evaluation/error-kinds.js';
import { readTestedModel, sizeProblem, type TestedModel, testedImages } from '../../models/tested-model.js';
import { renderModelReport } from '../../pipeline/render-model-report.js';
import type { ModelReportData, ReportedImage } from '../../report/model/data.js';
import type { ObjectStore } from '../../storage/object-store.js';
import type { ModelCard } from '../../training/model-card-schema.js';

/**
 * Writes the report of a model beside its card. The images that it shows are read from the bucket. A report without
 * predictions says why.
 * @throws StorageError if S3 is unavailable
 */
export async function writeModelReport(store: ObjectStore, bucket: string, card: ModelCard): Promise<void> {
  const data = await readData(store, bucket, card);
  const page = await renderModelReport(data, (key) => store.findBytes(bucket, key));
  await store.put(bucket, modelReportKey(card.dataset, card.model.modelVersion), page, {
    contentType: 'text/html; charset=utf-8',
  });
}

async function readData(store: ObjectStore, bucket: string, card: ModelCard): Promise<ModelReportData> {
  const tooLarge = await sizeProblem(store, card);
  if (tooLarge !== null) return { card, images: [], problem: tooLarge };
  const tested = await readTestedModel(store, bucket, card);
  if (typeof tested === 'string') return { card, images: [], problem: `${tested}.` };
  return { card, images: judgedImages(tested), problem: null };
}

/** The evaluated images of the dataset version, judged at the thresholds of the evaluation. */
function judgedImages(tested: TestedModel): ReportedImage[] {
  const thresholds = new Map(tested.evaluation.labels.map(({ label, threshold }) => [label, threshold]));
  return testedImages(tested).map((image) => {
    const { path, key, width, height } = image;
    return { path, key, width, height, ...judgeImage(image, thresholds) };
  });
}
