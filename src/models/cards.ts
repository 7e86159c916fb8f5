import { modelCardKey } from '../dataset/model/layout.js';
import { byCodePoint } from '../lib/order.js';
import type { ObjectStore } from '../storage/object-store.js';
import { type ModelCard, modelCardSchema } from '../training/model-card-schema.js';

/** The model cards of a dataset, the newest training first; those that don't say when come last. */
export async function readModelCards(
  store: ObjectStore,
  bucket: string,
  dataset: string,
): Promise<ModelCard[]> {
  const prefix = modelCardKey(dataset, '').replace(/\.json$/, '');
  const cards: ModelCard[] = [];
  for await (const { key } of store.list(bucket, prefix)) {
    const isCard = key.endsWith('.json') && !key.slice(prefix.length).includes('/');
    if (isCard) cards.push(await store.getJson(bucket, key, modelCardSchema));
  }
  return cards.sort(
    (a, b) =>
      byCodePoint(b.model.created ?? '', a.model.created ?? '') ||
      byCodePoint(a.model.modelVersion, b.model.modelVersion),
  );
}
