import { type ConfusionCell, countedIn } from '../../../src/evaluation/confusion.js';
import type { JudgedImage } from '../../../src/evaluation/error-kinds.js';
import { NO_DETECTION, NO_OBJECT, TOPIC_WORDS } from '../../../src/evaluation/error-words.js';
import {
  countErrors,
  type ErrorTopic,
  errorsOf,
  type TopicErrors,
} from '../../../src/evaluation/worst-images.js';

/** Which errors the pictures show: those of a topic, or those that a number of the confusion matrix counts. */
export type Selection = { readonly topic: ErrorTopic } | { readonly cell: ConfusionCell };

/** The first topic, in their order on the page, of which an image has an error. Without any, the first of all. */
export function firstTopicOf(images: readonly JudgedImage[]): ErrorTopic {
  const found = TOPIC_WORDS.find(({ topic }) => images.some((image) => countErrors(topic, image) > 0));
  return found?.topic ?? 'not-detected';
}

/** The errors of the selection on an image. */
export function selectedErrors(selection: Selection, image: JudgedImage): TopicErrors {
  return 'topic' in selection ? errorsOf(selection.topic, image) : countedIn(selection.cell, image);
}

export const isSameCell = (a: ConfusionCell, b: ConfusionCell) =>
  a.truth === b.truth && a.detected === b.detected;

/** What a number of the matrix counts, for people. */
export function nameOfCell({ truth, detected }: ConfusionCell): string {
  if (detected === null) return `${truth} with ${NO_DETECTION}`;
  if (truth === null) return `${detected} on ${NO_OBJECT}`;
  return truth === detected ? `${truth} found` : `${truth} taken for ${detected}`;
}
