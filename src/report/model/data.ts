import type { LabelReview, ReviewedImage } from '../../advice/label-review.js';
import type { NextStep } from '../../advice/next-steps.js';
import { TOPIC_WORDS, type TopicWords } from '../../evaluation/error-words.js';
import { countErrors, worstImages } from '../../evaluation/worst-images.js';
import type { ModelCard } from '../../training/model-card-schema.js';

/** What the report of a model shows. */
export interface ModelReportData {
  readonly card: ModelCard;
  /** All test images; empty if there are no predictions. */
  readonly images: readonly ReviewedImage[];
  /** What to do next, and the labels to check, the most doubtful first. */
  readonly steps: readonly NextStep[];
  readonly review: Pick<LabelReview, 'doubts' | 'total' | 'examined'>;
  /** Why there are no predictions; null if there are. */
  readonly problem: string | null;
}

/** The worst images of a topic. */
export interface ShownTopic {
  readonly words: TopicWords;
  /** Number of errors and of images with one, among all test images. */
  readonly errors: number;
  readonly images: number;
  /** Number of tiles among those images. */
  readonly tiles: number;
  readonly shown: readonly ReviewedImage[];
}

/** Images per topic, and labels to check: two rows on a large screen, and few enough for one file. */
export const SHOWN = 12;

/** Chooses the images that the report shows of each kind of error. */
export function shownTopics(images: readonly ReviewedImage[]): ShownTopic[] {
  return TOPIC_WORDS.flatMap((words) => {
    const { topic } = words;
    const worst = worstImages(images, topic);
    if (worst.length === 0) return [];
    const errors = worst.reduce((sum, image) => sum + countErrors(topic, image), 0);
    const tiles = worst.filter(({ tile }) => tile !== undefined).length;
    return [{ words, errors, images: worst.length, tiles, shown: worst.slice(0, SHOWN) }];
  });
}
