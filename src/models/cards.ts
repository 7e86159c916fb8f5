import { RefusedError } from '../client/errors.js';
import { modelCardKey } from '../dataset/model/layout.js';
import { byCodePoint } from '../lib/order.js';
import { MalformedError } from '../storage/errors.js';
import { SMALL_JSON_BYTES } from '../storage/json.js';
import type { ListedObject, ObjectStore } from '../storage/object-store.js';
import { type ModelCard, modelCardSchema } from '../training/model-card-schema.js';

/** A model card that cannot be read. */
export interface UnreadableCard {
  /** The name of its file without `.json`: the model version, if Curator wrote the file. */
  readonly modelVersion: string;
  /** What is wrong and what to do. */
  readonly problem: string;
}

export interface ModelCardList {
  /** Sorted by the start of the training, newest first. Cards without a date come last. */
  readonly cards: readonly ModelCard[];
  readonly unreadable: readonly UnreadableCard[];
}

/** Reads the model card at a key. @throws MalformedError, StorageError if there is none */
export async function readModelCard(store: ObjectStore, bucket: string, key: string): Promise<ModelCard> {
  return await store.getJson(bucket, key, modelCardSchema, { maxBytes: SMALL_JSON_BYTES });
}

/**
 * The model cards of a dataset. One that cannot be read does not hide the others.
 * @param read reads the card in an object; a caller that asks often can keep cards by key and ETag
 */
export async function listModelCards(
  store: ObjectStore,
  bucket: string,
  dataset: string,
  read = ({ key }: ListedObject) => readModelCard(store, bucket, key),
): Promise<ModelCardList> {
  const prefix = modelCardKey(dataset, '').replace(/\.json$/, '');
  const cards: ModelCard[] = [];
  const unreadable: UnreadableCard[] = [];
  for await (const object of store.list(bucket, prefix)) {
    const [name = '', ...deeper] = object.key.slice(prefix.length).split('/');
    if (!name.endsWith('.json') || deeper.length > 0) continue;
    try {
      cards.push(await read(object));
    } catch (error) {
      if (!(error instanceof MalformedError)) throw error;
      unreadable.push({ modelVersion: name.slice(0, -'.json'.length), problem: error.message });
    }
  }
  cards.sort(
    (a, b) =>
      byCodePoint(b.model.created ?? '', a.model.created ?? '') ||
      byCodePoint(a.model.modelVersion, b.model.modelVersion),
  );
  return { cards, unreadable };
}

/**
 * The card of the dataset's latest model.
 * @throws RefusedError if there is no model, or if a card that cannot be read may be that of the latest
 */
export async function latestModelCard(
  store: ObjectStore,
  bucket: string,
  dataset: string,
): Promise<ModelCard> {
  const {
    cards: [latest],
    unreadable: [unreadable],
  } = await listModelCards(store, bucket, dataset);
  if (unreadable) {
    throw new RefusedError(
      `The latest model of ${dataset} is unknown, because a model card cannot be read. ${unreadable.problem}`,
    );
  }
  if (!latest) throw noModelError(dataset);
  return latest;
}

/** The error of a command or request that needs a model of a dataset without one. */
export function noModelError(dataset: string): RefusedError {
  return new RefusedError(`${dataset} has no model: ingest the dataset first.`);
}
