import type { CuratorClient } from '../client/curator-client.js';
import { RefusedError } from '../client/errors.js';
import { DEFAULT_DATASET_SETTINGS } from '../dataset/model/settings.js';
import { preparePhoto } from '../images/photo.js';
import type { Trainer } from '../training/trainer.js';
import { readModelCards } from './cards.js';
import type { FoundLabel, ModelRef, ModelRunner } from './model-runner.js';

/** What a dataset's newest model found on a photo. */
export interface PhotoDetection {
  readonly modelVersion: string;
  /** Pixels of the upright photo. */
  readonly width: number;
  readonly height: number;
  readonly labels: readonly FoundLabel[];
}

/** A photo that can't be looked at, with why. */
export class PhotoError extends Error {
  override readonly name = 'PhotoError';
}

/** How long an emulated model stays up after the last photo; its guard stops it. */
const KEEP_MS = 10 * 60_000;

/** Asks a dataset's newest model about single photos. It starts what costs nothing, and leaves the rest to a person. */
export class PhotoDetector {
  constructor(
    private readonly client: Pick<CuratorClient, 'store' | 'bucket' | 'guard'>,
    private readonly runner: ModelRunner,
    private readonly trainer: Trainer,
  ) {}

  /** @throws RefusedError where there is no model or it doesn't run, PhotoError where the photo can't be read */
  async detect(dataset: string, photo: Buffer, signal: AbortSignal): Promise<PhotoDetection> {
    const [card] = await readModelCards(this.client.store, this.client.bucket, dataset);
    if (!card) throw new RefusedError(`${dataset} has no model yet: ingest it first.`);
    const { projectVersionArn, modelVersion } = card.model;
    const side = card.settings.imageMaxSide;
    const imageMaxSide = typeof side === 'number' ? side : DEFAULT_DATASET_SETTINGS.imageMaxSide;
    const prepared = await preparePhoto('photo', photo, imageMaxSide);
    if ('problem' in prepared) throw new PhotoError(`The photo can't be used: ${prepared.problem}`);
    const model = { projectVersionArn, dataset, modelVersion };
    await this.ensureRunning(model, signal);
    const { width, height, picture } = prepared;
    return { modelVersion, width, height, labels: await this.runner.detect(model, picture) };
  }

  private async ensureRunning(model: ModelRef, signal: AbortSignal): Promise<void> {
    const { guard } = this.client;
    const { status } = await this.runner.status(model);
    if (status === 'RUNNING') {
      await guard.extend(model, Date.now() + KEEP_MS);
      return;
    }
    if ((await this.trainer.kind()) === 'rekognition') {
      throw new RefusedError(
        `The model isn't running (${status}), and costs money while it does. Start it with: curator detect <photo> --model latest --dataset ${model.dataset} --stop-after 30m`,
      );
    }
    await guard.keepUntil(model, Date.now() + KEEP_MS);
    await this.runner.start(model, signal);
    await this.runner.untilRunning(model, signal);
  }
}
