import type { CuratorClient } from '../client/curator-client.js';
import { RefusedError } from '../client/errors.js';
import { preparePhoto } from '../images/photo.js';
import type { Trainer } from '../training/trainer.js';
import { latestModelCard } from './cards.js';
import { detectPhoto } from './detect-photo.js';
import { imageSettingsOf } from './image-settings.js';
import type { FoundLabel, ModelRef, ModelRunner } from './model-runner.js';

/** Detections of a dataset's latest model on a photo. */
export interface PhotoDetection {
  readonly modelVersion: string;
  /** Size of the photo in pixels, with its EXIF orientation applied. */
  readonly width: number;
  readonly height: number;
  readonly labels: readonly FoundLabel[];
}

/** The photo cannot be used; the message gives the reason. */
export class PhotoError extends Error {
  override readonly name = 'PhotoError';
}

/** An emulated model is stopped by its guard this long after the last photo. */
const KEEP_MS = 10 * 60_000;

/** Detects on single photos with a dataset's latest model. Starts emulated models only, because models on AWS cost money. */
export class PhotoDetector {
  constructor(
    private readonly client: Pick<CuratorClient, 'store' | 'bucket' | 'guard'>,
    private readonly runner: ModelRunner,
    private readonly trainer: Trainer,
  ) {}

  /**
   * Detects on a photo. `minConfidence` in percent, 0 to 100, replaces the model's own thresholds.
   * @throws RefusedError if there is no model or it is not running on AWS; PhotoError if the photo cannot be used
   */
  async detect(
    dataset: string,
    photo: Buffer,
    signal: AbortSignal,
    minConfidence?: number,
  ): Promise<PhotoDetection> {
    const card = await latestModelCard(this.client.store, this.client.bucket, dataset);
    const { projectVersionArn, modelVersion } = card.model;
    const prepared = await preparePhoto('photo', photo, imageSettingsOf(card));
    if ('problem' in prepared) throw new PhotoError(`The photo cannot be used: ${prepared.problem}`);
    const model = { projectVersionArn, dataset, modelVersion };
    await this.ensureRunning(model, signal);
    const { width, height } = prepared;
    const labels = await detectPhoto(this.runner, model, prepared, minConfidence);
    return { modelVersion, width, height, labels };
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
        `The model is not running (${status}). Running it costs money. Start it with: curator detect <photo> --model latest --dataset ${model.dataset} --stop-after 30m`,
      );
    }
    await guard.keepUntil(model, Date.now() + KEEP_MS);
    await this.runner.start(model, signal);
    await this.runner.untilRunning(model, signal);
  }
}
