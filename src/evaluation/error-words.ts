import type { PositionName, SizeGroups, SizeName } from './box-groups.js';
import type { DetectionKind, ObjectKind } from './error-kinds.js';
import type { ErrorTopic } from './worst-images.js';

/** The name of a kind, and what it means. */
export interface Words {
  readonly name: string;
  readonly meaning: string;
}

/** What page and report call the outcomes of detections, in the order in which they are shown. */
export const DETECTION_WORDS: Readonly<Record<DetectionKind, Words>> = {
  correct: { name: 'right', meaning: 'on an object of its class, at an IoU of at least 0.5' },
  'badly-placed': { name: 'badly placed', meaning: 'beside an object of its class, at an IoU of 0.1 to 0.5' },
  'wrong-class': { name: 'wrong class', meaning: 'on an object of another class' },
  'wrong-class-and-place': {
    name: 'wrong class and badly placed',
    meaning: 'beside an object of another class',
  },
  duplicate: { name: 'duplicate', meaning: 'on an object that another detection has found' },
  'on-nothing': { name: 'on nothing', meaning: 'on no labelled object, or at an IoU below 0.1' },
};

/** What page and report call the outcomes of labelled objects. All but `found` are missed objects of their class. */
export const OBJECT_WORDS: Readonly<Record<ObjectKind, Words>> = {
  found: { name: 'found', meaning: 'by a detection of its class' },
  'badly-placed': { name: 'badly placed', meaning: 'a detection of its class is beside it' },
  'wrong-class': { name: 'wrong class', meaning: 'a detection of another class is on it' },
  'wrong-class-and-place': {
    name: 'wrong class and badly placed',
    meaning: 'a detection of another class is beside it',
  },
  'not-detected': { name: 'not detected', meaning: 'no detection at an IoU of at least 0.1' },
};

/** A topic of pictures: its name, what is shown, and what to ask. */
export interface TopicWords {
  readonly topic: ErrorTopic;
  readonly name: string;
  readonly text: string;
}

/** The topics in the order in which page and report show them. */
export const TOPIC_WORDS: readonly TopicWords[] = [
  {
    topic: 'not-detected',
    name: 'Not detected',
    text: 'Objects that no detection overlaps. Are the labels right, and does the class look like this elsewhere?',
  },
  {
    topic: 'on-nothing',
    name: 'On nothing',
    text: 'Detections where nothing is labelled, and duplicates. Is an object there that nobody labelled?',
  },
  {
    topic: 'wrong-class',
    name: 'Wrong class',
    text: 'Detections on or beside an object of another class. Would two people name it alike?',
  },
  {
    topic: 'badly-placed',
    name: 'Badly placed',
    text: 'The right class, but the box differs. Are boxes drawn alike in all images?',
  },
];

/** The row and the column of the confusion matrix that belong to no class. */
export const NO_OBJECT = 'no object';
export const NO_DETECTION = 'no detection';

export const CONFUSION_TEXT = `Rows are labelled objects, columns are detections on them, at an IoU of at least 0.5. “${NO_DETECTION}”: objects on which no detection lies. “${NO_OBJECT}”: detections that lie on no object, or on one that is already found. A badly placed detection therefore counts in both.`;

/** What page and report call the groups by size. */
export function sizeWords({ mediumFrom, largeFrom }: SizeGroups): Readonly<Record<SizeName, Words>> {
  const [medium, large] = [areaText(mediumFrom), areaText(largeFrom)];
  return {
    small: { name: 'smallest third', meaning: `below ${medium} of the image's area` },
    medium: { name: 'middle third', meaning: `from ${medium} to ${large}` },
    large: { name: 'largest third', meaning: `from ${large} on` },
  };
}

/** A share of an area for people: `0.048 %`, `45 %`. */
const areaText = (share: number): string => `${Number((100 * share).toPrecision(2))} %`;

export const SIZE_TITLE = 'By size of the box';
export const POSITION_TITLE = 'By position of the box';

export const POSITION_WORDS: Readonly<Record<PositionName, Words>> = {
  middle: { name: 'middle', meaning: 'centre in the middle half of width and height' },
  outside: { name: 'around the middle', meaning: 'centre outside the middle half' },
  border: { name: 'at the border', meaning: 'touches a border of the image, may be cut off' },
};
