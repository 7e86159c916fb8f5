import { groupBy } from '../../lib/group-by.js';
import { byCodePoint } from '../../lib/order.js';
import { intersectionOverUnion, type Rectangle } from '../model/rectangle.js';
import type { SourceBox } from '../model/types.js';
import type { CocoFile } from './coco.js';
import { preferenceReason } from './coco-files.js';
import type { Placement } from './placements.js';

/** The records of one image that count, and the files that contradict them. */
export interface ChosenRecords {
  /** Records of the files that count, the preferred file first. */
  readonly own: readonly Placement[];
  /** Files with boxes that contradict those of the first file. */
  readonly contradicting: readonly CocoFile[];
}

/**
 * Chooses among the COCO files that describe an image. The first file with boxes counts. A file is added if all its
 * classes are others than those of the files before and none of its boxes covers one of theirs: people label one class
 * per file.
 */
export function chooseRecords(placements: readonly Placement[]): ChosenRecords {
  const byFile = [...groupBy(placements, ({ file }) => file).values()];
  const [first = [], ...others] = [
    ...byFile.filter((one) => boxesOf(one).length > 0),
    ...byFile.filter((one) => boxesOf(one).length === 0),
  ];
  const own = [...first];
  const contradicting: CocoFile[] = [];
  for (const other of others) {
    const [boxes, known] = [boxesOf(other), boxesOf(own)];
    if (boxes.length === 0) continue;
    if (isComplement(boxes, known)) own.push(...other);
    else if (textOf(boxes) !== textOf(boxesOf(first))) contradicting.push(...filesOf(other));
  }
  return { own, contradicting };
}

const boxesOf = (placements: readonly Placement[]) => placements.flatMap(({ image }) => image.boxes);
const filesOf = (placements: readonly Placement[]) => [...new Set(placements.map(({ file }) => file))];
const textOf = (boxes: readonly SourceBox[]) => JSON.stringify(distinct(boxes));

/** Pairs of boxes that are compared; if there are more, files are not joined. */
const MAX_PAIRS = 250_000;

function isComplement(boxes: readonly SourceBox[], known: readonly SourceBox[]): boolean {
  const labels = new Set(known.map(({ label }) => label));
  if (boxes.some(({ label }) => labels.has(label)) || boxes.length * known.length > MAX_PAIRS) return false;
  const rectangles = known.map(rectangleOf);
  return !boxes
    .map(rectangleOf)
    .some((box) => rectangles.some((other) => intersectionOverUnion(box, other) > 0.5));
}

const rectangleOf = ({ x, y, width, height }: SourceBox): Rectangle => ({ left: x, top: y, width, height });

/** Sorts boxes and removes repetitions of a box in the same class. */
export function distinct(boxes: readonly SourceBox[]): SourceBox[] {
  const sorted = [...boxes].sort((a, b) => byPosition(a, b) || byCodePoint(a.label, b.label));
  return sorted.filter((box, i) => {
    const before = sorted[i - 1];
    return before === undefined || byPosition(before, box) !== 0 || before.label !== box.label;
  });
}

/** Orders boxes by position and size. */
export function byPosition(a: SourceBox, b: SourceBox): number {
  return a.y - b.y || a.x - b.x || a.height - b.height || a.width - b.width;
}

/** Two COCO files that contradict each other, and in how many images. */
export interface Contradiction {
  readonly taken: string;
  readonly other: string;
  readonly why: string;
  readonly images: number;
}

/** Counts contradictions by pair of files, the most frequent first. */
export function contradictionsOf(chosen: Iterable<ChosenRecords>): Contradiction[] {
  const pairs = new Map<string, Contradiction>();
  for (const { own, contradicting } of chosen) {
    const taken = own[0]?.file;
    if (!taken) continue;
    for (const other of contradicting) {
      const key = JSON.stringify([taken.path, other.path]);
      const images = (pairs.get(key)?.images ?? 0) + 1;
      pairs.set(key, {
        ...{ taken: taken.path, other: other.path, images },
        why: preferenceReason(taken, other),
      });
    }
  }
  return [...pairs.values()].sort((a, b) => b.images - a.images || byCodePoint(a.other, b.other));
}
