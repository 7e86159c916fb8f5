import { RefusedError } from '../client/errors.js';
import { modelCardKey } from '../dataset/model/layout.js';
import { byCodePoint } from '../lib/order.js';
import type { ListedObject, ObjectStore } from '../storage/object-store.js';
import { type ModelCard, modelCardSchema } from '../training/model-card-schema.js';

/**
 * The model cards of a dataset, sorted by the start of the training, newest first. Cards without a date come last.
 * @param read reads the card in an object; a caller that asks often can keep cards by key and ETag
 */
export async function readModelCards(
  store: ObjectStore,
  bucket: string,
  dataset: string,
  read = ({ key }: ListedObject) => store.getJson(bucket, key, modelCardSchema),
): Promise<ModelCard[]> {
  const prefix = modelCardKey(dataset, '').replace(/\.json$/, '');
  const cards: ModelCard[] = [];
  for await (const object of store.list(bucket, prefix)) {
    const isCard = object.key.endsWith('.json') && !object.key.slice(prefix.length).includes('/');
    if (isCard) cards.push(await read(object));
  }
  return cards.sort(
    (a, b) =>
      byCodePoint(b.model.created ?? '', a.model.created ?? '') ||
      byCodePoint(a.model.modelVersion, b.model.modelVersion),
  );
}

/** The error of a command or request that needs a model of a dataset without one. */
export function noModelError(dataset: string): RefusedError {
  return new RefusedError(`${dataset} has no model: ingest the dataset first.`);
}
