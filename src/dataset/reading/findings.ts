import { type DatasetFinding, MAX_EXAMPLES } from '../model/findings.js';

/** What is odd about the COCO files and yet can be read; each list holds the cases, sorted. */
export interface Oddities {
  /** Classes. */
  readonly labels: readonly string[];
  /** Classes without a usable annotation. */
  readonly empty: readonly string[];
  /** Image files in no COCO file. */
  readonly unlisted: readonly string[];
  /** Images that several COCO files describe differently. */
  readonly disagreeing: readonly string[];
  /** Images that one COCO file describes by several records. */
  readonly repeated: readonly string[];
  /** Images with boxes whose x and y are exchanged against their polygons. */
  readonly swapped: readonly string[];
  /** Images with one box in two classes. */
  readonly inTwoClasses: readonly string[];
}

/** Warnings, in a fixed order. */
export function readingFindings(oddities: Oddities): DatasetFinding[] {
  const list: [string, string, readonly string[]][] = [
    [
      'LABELS_ALIKE',
      'Classes differ only in case or spacing. If they mean the same, give them one name.',
      alike(oddities.labels),
    ],
    [
      'LABELS_EMPTY',
      'Classes are defined but have no usable annotation. If they are to be learnt, label them.',
      oddities.empty,
    ],
    [
      'IMAGES_UNLISTED',
      'Images are in the archive but in no COCO file; they are left out.',
      oddities.unlisted,
    ],
    [
      'COCO_FILES_DISAGREE',
      'Several COCO files describe an image differently; the export’s own file was taken.',
      oddities.disagreeing,
    ],
    [
      'IMAGE_RECORDS_REPEATED',
      'A COCO file describes an image by several records; they were read as one.',
      oddities.repeated,
    ],
    [
      'BOXES_SWAPPED',
      'Boxes lie on their own polygons only with x and y exchanged; they were taken as they are. Check the exporter.',
      oddities.swapped,
    ],
    [
      'BOXES_IN_TWO_CLASSES',
      'Images have the same box in two classes; both were kept. If only one is right, remove the other.',
      oddities.inTwoClasses,
    ],
  ];
  return list
    .filter(([, , cases]) => cases.length > 0)
    .map(([code, message, cases]) => ({
      code,
      severity: 'warning',
      message,
      count: cases.length,
      examples: cases.slice(0, MAX_EXAMPLES),
    }));
}

function alike(labels: readonly string[]): string[] {
  const byFolded = new Map<string, string[]>();
  for (const label of labels) {
    const folded = label
      .normalize('NFKC')
      .toLowerCase()
      .replace(/[\s_-]+/g, ' ')
      .trim();
    byFolded.set(folded, [...(byFolded.get(folded) ?? []), label]);
  }
  return [...byFolded.values()].filter((same) => same.length > 1).map((same) => same.join(' / '));
}
