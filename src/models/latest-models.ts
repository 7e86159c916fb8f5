import pLimit from 'p-limit';
import type { DatasetRun } from '../client/list.js';
import { MalformedError } from '../storage/errors.js';
import type { ListedObject, ObjectStore } from '../storage/object-store.js';
import { type ModelCard, modelCardSchema } from '../training/model-card-schema.js';
import { readModelCards } from './cards.js';

/** The latest model of a dataset, in short. */
export interface LatestModel {
  readonly modelVersion: string;
  /** F1 over all classes, 0 to 1; null if the evaluation could not be read. */
  readonly f1: number | null;
  /** Number of images that it was trained and tested on. */
  readonly images: number;
  /** Which service trained it: the F1 of an emulated model is a local baseline. */
  readonly trainer: 'rekognition' | 'emulator';
  /** When the training ended, ISO 8601; null in cards of earlier versions. */
  readonly ended: string | null;
}

const MAX_READS = 8;

/** Finds the latest model of datasets, so that a later run without a model does not hide it. */
export class LatestModels {
  /** Cards by key. Lists are read every few seconds, and cards hardly ever change. */
  private readonly known = new Map<string, { readonly etag: string; readonly card: ModelCard }>();

  constructor(
    private readonly store: ObjectStore,
    private readonly bucket: string,
  ) {}

  /** The latest model of a dataset; null if it has none, or a card that cannot be read. */
  async of(dataset: string): Promise<LatestModel | null> {
    try {
      const [card] = await readModelCards(this.store, this.bucket, dataset, (object) => this.read(object));
      if (!card) return null;
      const { modelVersion, trainer, ended } = card.model;
      return { modelVersion, f1: card.evaluation?.f1 ?? null, images: card.images.used, trainer, ended };
    } catch (error) {
      if (error instanceof MalformedError) return null;
      throw error;
    }
  }

  /** The runs, each with the latest model of its dataset. */
  async beside(runs: readonly DatasetRun[]): Promise<(DatasetRun & { model: LatestModel | null })[]> {
    const limit = pLimit(MAX_READS);
    return await Promise.all(
      runs.map((run) => limit(async () => ({ ...run, model: await this.of(run.dataset) }))),
    );
  }

  private async read({ key, etag }: ListedObject): Promise<ModelCard> {
    const known = this.known.get(key);
    if (known?.etag === etag) return known.card;
    const card = await this.store.getJson(this.bucket, key, modelCardSchema);
    this.known.set(key, { etag, card });
    return card;
  }
}
