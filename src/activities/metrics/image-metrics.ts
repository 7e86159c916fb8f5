import type { MetricCounter, MetricHistogram, MetricMeter } from '@temporalio/common';
import {
  type BatchResult,
  type PlanBatch,
  REJECTION_REASONS,
  type RejectionReason,
} from '../../dataset/model/types.js';
import type { Reusable } from '../../pipeline/reusable.js';
import { LabelledCounter } from './labelled-counter.js';

/** The inspection rejects images that the archive does not have; no batch contains them. */
const REASONS = REJECTION_REASONS.filter((reason) => reason !== 'missing-in-archive');

/** Measures images and the batches that they are preprocessed in. */
export class ImageMetrics {
  readonly #images: LabelledCounter<'preprocessed' | 'rejected' | 'reused'>;
  readonly #rejected: LabelledCounter<RejectionReason>;
  readonly #bytes: MetricCounter;
  readonly #batch: MetricHistogram;

  constructor(meter: MetricMeter) {
    this.#images = new LabelledCounter(
      meter,
      'curator_images',
      'result',
      ['preprocessed', 'rejected', 'reused'],
      'Images of batches that have ended, by result.',
    );
    this.#rejected = new LabelledCounter(
      meter,
      'curator_images_rejected',
      'reason',
      REASONS,
      'Images that cannot be used, by reason.',
    );
    this.#bytes = meter.createCounter(
      'curator_read_bytes',
      '',
      'Bytes of image files that were read from archives, as the archives store them.',
    );
    this.#bytes.add(0);
    this.#batch = meter.createHistogram(
      'curator_batch',
      'float',
      'seconds',
      'Seconds that a batch of up to 128 images took, without waiting for a slot.',
    );
  }

  /** Counts images for which the results of an earlier run hold, so that no batch is started for them. */
  reused(images: number): void {
    this.#images.add('reused', images);
  }

  /** Counts the images of a batch that has ended after `seconds`. */
  batchEnded(batch: PlanBatch, reusable: Reusable, { images }: BatchResult, seconds: number): void {
    for (const image of images) {
      if (image.status === 'rejected') {
        this.#images.add('rejected');
        this.#rejected.add(image.reason);
      } else {
        const earlier = reusable.images.get(image.path)?.result;
        this.#images.add(earlier?.sourceSha256 === image.sourceSha256 ? 'reused' : 'preprocessed');
      }
    }
    const read = batch.images.filter(
      ({ entry }) => !(reusable.sameArchive && reusable.images.has(entry.path)),
    );
    this.#bytes.add(read.reduce((sum, { entry }) => sum + entry.compressedSize, 0));
    this.#batch.record(seconds);
  }
}
