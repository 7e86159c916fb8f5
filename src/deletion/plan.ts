import type { CuratorClient } from '../client/curator-client.js';
import { wasDeleted } from '../client/deletion-record.js';
import { NoRunError } from '../client/errors.js';
import { listModelCards, type UnreadableCard } from '../models/cards.js';
import { type DatasetObject, datasetObjects } from './dataset-objects.js';
import { OBJECT_KINDS, type ObjectKind } from './kinds.js';

/** The objects of one kind. */
export interface KindCount {
  readonly kind: ObjectKind;
  readonly count: number;
  readonly bytes: number;
}

/** A model that is not deleted with its dataset, because it is not in the bucket. */
export interface RemainingModel {
  readonly modelVersion: string;
  readonly projectVersionArn: string;
  readonly trainer: 'rekognition' | 'emulator';
}

/** What the deletion of a dataset deletes, and what stays. */
export interface DeletionPlan {
  readonly dataset: string;
  /** Kinds without objects are left out. */
  readonly objects: readonly KindCount[];
  readonly models: readonly RemainingModel[];
  /** Model cards that cannot be read, so that the ARNs of their models are unknown. */
  readonly unreadable: readonly UnreadableCard[];
}

/** Counts the objects of each kind. */
export class KindCounter {
  private readonly counts = new Map<ObjectKind, { count: number; bytes: number }>();

  add({ kind, bytes }: DatasetObject): void {
    const known = this.counts.get(kind) ?? { count: 0, bytes: 0 };
    this.counts.set(kind, { count: known.count + 1, bytes: known.bytes + bytes });
  }

  /** The counts in the order of the deletion. */
  list(): KindCount[] {
    return OBJECT_KINDS.flatMap((kind) => {
      const counted = this.counts.get(kind);
      return counted ? [{ kind, ...counted }] : [];
    });
  }
}

/**
 * Counts what the deletion of a dataset would delete, and lists what would stay.
 *
 * @throws NoRunError if there is no such dataset, RefusedError if a run or a training of it is running
 */
export async function planDeletion(client: CuratorClient, dataset: string): Promise<DeletionPlan> {
  const { store, bucket } = client;
  const runId = await client.assertDeletable(dataset);
  const counter = new KindCounter();
  for await (const object of datasetObjects(store, bucket, dataset)) counter.add(object);
  const objects = counter.list();
  const isKnown = runId !== undefined && !(await wasDeleted(store, bucket, dataset, runId));
  if (objects.length === 0 && !isKnown) throw new NoRunError(`There is no dataset ${dataset}.`);
  const { cards, unreadable } = await listModelCards(store, bucket, dataset);
  const models = cards.map(({ model: { modelVersion, projectVersionArn, trainer } }) => ({
    ...{ modelVersion, projectVersionArn, trainer },
  }));
  return { dataset, objects, models, unreadable };
}
