import { modelReportKey } from '../../dataset/model/layout.js';
import { readModelAdvice } from '../../models/model-advice.js';
import { sizeProblem } from '../../models/tested-model.js';
import { renderModelReport } from '../../pipeline/render-model-report.js';
import type { ModelReportData } from '../../report/model/data.js';
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
  const tooLarge = await sizeProblem(store, bucket, card);
  if (tooLarge !== null) return { card, ...NOTHING, problem: tooLarge };
  const advice = await readModelAdvice(store, bucket, card);
  if (typeof advice === 'string') return { card, ...NOTHING, problem: `${advice}.` };
  return { card, ...advice, problem: null };
}

const NOTHING = {
  images: [],
  steps: [],
  review: { examined: 'test-images', total: 0, doubts: [] },
} as const;
