import { groupBy } from '../../lib/group-by.js';
import { byCodePoint } from '../../lib/order.js';
import { intersectionOverUnion, type Rectangle } from '../model/rectangle.js';
import type { SourceBox } from '../model/types.js';
import type { Placement } from './placements.js';

/** The records of one image that count, and what other files say about it. */
export interface ChosenRecords {
  /** Records of the files that count, the preferred file first. */
  readonly own: readonly Placement[];
  /** Other files with boxes of the image that were not added. */
  readonly compared: readonly Comparison[];
}

/** Another record of an image with boxes, and whether these contradict the boxes of the first file. */
export interface Comparison {
  readonly other: Placement;
  readonly contradicts: boolean;
}

/**
 * Chooses among the COCO files that describe an image. The first file with boxes counts. A file is added if all its
 * classes are others than those of the files before and none of its boxes covers one of theirs: people label one class
 * per file.
 */
export function chooseRecords(placements: readonly Placement[]): ChosenRecords {
  if (placements.length === 1) return { own: placements, compared: NONE };
  const byFile = [...groupBy(placements, ({ file }) => file).values()];
  const labelled = byFile
    .map((records) => ({ records, boxes: boxesOf(records) }))
    .filter(({ boxes }) => boxes.length > 0);
  const [first, ...others] = labelled;
  if (!first) return { own: [...(byFile[0] ?? [])], compared: [] };
  const own = [...first.records];
  const known = [...first.boxes];
  const compared: Comparison[] = [];
  for (const { records, boxes } of others) {
    const [other] = records;
    if (isComplement(boxes, known)) {
      own.push(...records);
      known.push(...boxes);
    } else if (other) {
      compared.push({ other, contradicts: !agree(boxes, first.boxes, other.file.defined) });
    }
  }
  return { own, compared };
}

const NONE: readonly Comparison[] = [];

const boxesOf = (placements: readonly Placement[]) => placements.flatMap(({ image }) => image.boxes);

/** Pairs of boxes that are compared; if there are more, files are not joined, and agree only if their boxes are equal. */
const MAX_PAIRS = 250_000;
/** Exporters round coordinates in different ways. */
const ROUNDING_PX = 1;

/** Whether the boxes of a file are those of the first file, as far as the file has its classes. */
function agree(
  boxes: readonly SourceBox[],
  first: readonly SourceBox[],
  defined: readonly string[],
): boolean {
  const labels = new Set([...defined, ...boxes.map(({ label }) => label)]);
  const [ours, theirs] = [distinct(first.filter(({ label }) => labels.has(label))), distinct(boxes)];
  if (JSON.stringify(ours) === JSON.stringify(theirs)) return true;
  if (ours.length !== theirs.length || ours.length * theirs.length > MAX_PAIRS) return false;
  const left = new Set(theirs);
  return ours.every((one) => {
    const same = [...left].find((other) => other.label === one.label && isRounded(one, other));
    return same !== undefined && left.delete(same);
  });
}

function isRounded(one: SourceBox, other: SourceBox): boolean {
  const edges = ({ x, y, width, height }: SourceBox) => [x, y, x + width, y + height];
  const others = edges(other);
  return edges(one).every((edge, i) => Math.abs(edge - (others[i] ?? Number.NaN)) <= ROUNDING_PX);
}

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
