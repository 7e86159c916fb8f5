import { groupBy } from '../../lib/group-by.js';
import { asUtf8, percentDecoded, withoutEntities } from '../../lib/misread-text.js';
import { type DatasetFinding, type FindingText, warning } from '../model/findings.js';
import { lookOf } from '../model/label-look.js';
import { type Contradiction, disagreement } from './contradictions.js';

/** What is unusual about the COCO files but can be read. Each list holds the cases. */
export interface Oddities {
  /** Classes, sorted. */
  readonly labels: readonly string[];
  /** Classes without a usable annotation. */
  readonly empty: readonly string[];
  /** Image files in no COCO file. */
  readonly unlisted: readonly string[];
  /** Images that several COCO files describe differently. */
  readonly disagreeing: readonly string[];
  /** The pairs of COCO files that do so, the most frequent first. */
  readonly contradictions: readonly Contradiction[];
  /** COCO files that do not count, each with the reason. */
  readonly skipped: readonly string[];
  /** Images that one COCO file describes by several records. */
  readonly repeated: readonly string[];
  /** Those of them whose records state different sizes or give boxes in different places. */
  readonly overwritten: readonly string[];
  /** Images with boxes whose x and y are exchanged relative to their polygons. */
  readonly swapped: readonly string[];
  /** Number of these boxes. */
  readonly swappedBoxes: number;
  /** Images with one box in two classes. */
  readonly inTwoClasses: readonly string[];
}

/** Returns warnings in a fixed order. */
export function readingFindings(oddities: Oddities): DatasetFinding[] {
  const list: [code: string, message: string | FindingText, cases: readonly string[], count?: number][] = [
    [
      'LABELS_ALIKE',
      'Class names look the same or differ only in case, hyphens or underscores. If they mean the same class, give them one name.',
      alike(oddities.labels),
    ],
    [
      'LABELS_MISREAD',
      'Class names look as if their letters were read in another code page, or have escapes of web pages. Their likely meaning is in brackets. Correct the names in the labelling tool and export again.',
      oddities.labels.flatMap(misread),
    ],
    [
      'LABELS_EMPTY',
      'Classes are defined but have no usable annotation. If boxes in the report have the wrong class names, category ids are shifted: export again. Otherwise label these classes, or remove them if they are not needed.',
      oddities.empty,
    ],
    [
      'IMAGES_UNLISTED',
      'Images are in the archive but in no COCO file; they are left out.',
      oddities.unlisted,
    ],
    ['COCO_FILES_DISAGREE', disagreement(oddities.contradictions), oddities.disagreeing],
    [
      'COCO_FILES_SKIPPED',
      'COCO files were skipped, each for the reason that is listed with it. If one of them is the right one, remove the others.',
      oddities.skipped,
    ],
    [
      'IMAGE_RECORDS_REPEATED',
      'A COCO file describes an image by several records; they were read as one. If they belong to different pictures of one name, one has overwritten the other in the archive: give each a name of its own.',
      oddities.repeated,
    ],
    [
      'IMAGES_OVERWRITTEN',
      {
        headline:
          'Records of one image state different sizes or give boxes in different places, so they probably describe several pictures of one name, which overwrote one another in the archive.',
        rest: 'Give each picture a name of its own and export again. If they describe one picture, join them into one record.',
      },
      oddities.overwritten,
    ],
    [
      'BOXES_SWAPPED',
      'Annotations have a bbox with x and y exchanged relative to their own polygon; the polygon was used. Check the exporter.',
      oddities.swapped,
      oddities.swappedBoxes,
    ],
    [
      'BOXES_IN_TWO_CLASSES',
      'Images have the same box in two classes, as when an image was labelled again. Both were kept, and the model learns both. If only one class is right, remove the annotation of the other one.',
      oddities.inTwoClasses,
    ],
  ];
  return list
    .map(([code, message, cases, count = cases.length]) => warning(code, count, message, cases))
    .filter((finding) => finding !== undefined);
}

/** A class name with what it seems to mean; nothing if it is as it should be. */
function misread(label: string): string[] {
  if (label.includes('\ufffd')) return [`${label} (a letter is lost)`];
  const meant = withoutEntities(
    /%[0-9a-f]{2}/i.test(label) ? percentDecoded(label) : (asUtf8(label) ?? label),
  );
  return meant === label || /\p{Cc}/u.test(meant) ? [] : [`${label} (${meant})`];
}

function alike(labels: readonly string[]): string[] {
  const byLook = groupBy(labels, lookOf);
  return [...byLook.values()].filter((same) => same.length > 1).map((same) => same.join(' / '));
}
