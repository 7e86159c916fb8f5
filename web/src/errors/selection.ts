import { type ConfusionCell, countedIn } from '../../../src/evaluation/confusion.js';
import type { JudgedImage } from '../../../src/evaluation/error-kinds.js';
import { type ErrorTopic, errorsOf, type TopicErrors } from '../../../src/evaluation/worst-images.js';

/** Which errors the pictures show: those of a topic, or those that a number of the confusion matrix counts. */
export type Selection = { readonly topic: ErrorTopic } | { readonly cell: ConfusionCell };

/** The topics with their names and what is shown. */
export const TOPICS: readonly { readonly topic: ErrorTopic; readonly name: string; readonly text: string }[] =
  [
    {
      topic: 'missed',
      name: 'Missed',
      text: 'Objects that no detection overlaps. Other objects that are not found are under Wrong class and Badly placed.',
    },
    {
      topic: 'false-alarm',
      name: 'False alarm',
      text: 'Detections where nothing is labelled, or of an object that was already found. Look for objects that the labels lack, too.',
    },
    {
      topic: 'wrong-class',
      name: 'Wrong class',
      text: 'Detections on an object of another class, well or badly placed.',
    },
    {
      topic: 'badly-placed',
      name: 'Badly placed',
      text: 'Detections of the right class that overlap their object at an IoU of less than 0.5.',
    },
  ];

/** The errors of the selection on an image. */
export function selectedErrors(selection: Selection, image: JudgedImage): TopicErrors {
  return 'topic' in selection ? errorsOf(selection.topic, image) : countedIn(selection.cell, image);
}

export const isSameCell = (a: ConfusionCell, b: ConfusionCell) =>
  a.truth === b.truth && a.detected === b.detected;

/** What a number of the matrix counts, for people. */
export function nameOfCell({ truth, detected }: ConfusionCell): string {
  if (detected === null) return `${truth} missed`;
  if (truth === null) return `${detected} detected where nothing is there`;
  return truth === detected ? `${truth} found` : `${truth} taken for ${detected}`;
}
