import pLimit from 'p-limit';
import type { DatasetRun } from '../client/list.js';
import type { ListedObject, ObjectStore } from '../storage/object-store.js';
import type { ModelCard } from '../training/model-card-schema.js';
import { listModelCards, readModelCard } from './cards.js';

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

  /** The latest model of a dataset: null if it has none. `problem` tells if a card cannot be read, and what to do. */
  async of(dataset: string): Promise<{ model: LatestModel | null; problem?: string }> {
    const { cards, unreadable } = await listModelCards(this.store, this.bucket, dataset, (object) =>
      this.read(object),
    );
    const [card] = cards;
    const [first] = unreadable;
    return { model: card ? inShort(card) : null, ...(first ? { problem: first.problem } : {}) };
  }

  /** The runs, each with the latest model of its dataset. */
  async beside(runs: readonly DatasetRun[]): Promise<(DatasetRun & { model: LatestModel | null })[]> {
    const limit = pLimit(MAX_READS);
    return await Promise.all(
      // The problem of the run itself says more than that of its model.
      runs.map((run) => limit(async () => ({ ...(await this.of(run.dataset)), ...run }))),
    );
  }

  private async read({ key, etag }: ListedObject): Promise<ModelCard> {
    const known = this.known.get(key);
    if (known?.etag === etag) return known.card;
    const card = await readModelCard(this.store, this.bucket, key);
    this.known.set(key, { etag, card });
    return card;
  }
}

function inShort({ model: { modelVersion, trainer, ended }, evaluation, images }: ModelCard): LatestModel {
  return { modelVersion, f1: evaluation?.f1 ?? null, images: images.used, trainer, ended };
}
