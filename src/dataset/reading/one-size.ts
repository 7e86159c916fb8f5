/** Brings the boxes of image records that state different sizes for one image to one size. */

import { byCodePoint } from '../../lib/order.js';
import { isInside, MAX_BEYOND, MIN_BEYOND } from '../model/box-conventions.js';
import { type DatasetFinding, warning } from '../model/findings.js';
import type { Size, SourceBox } from '../model/types.js';
import type { CocoFile } from './coco.js';
import type { Placement, Placements } from './placements.js';

/** A record with the size that it states, and another size that a record of the same image states. */
interface SizedRecord {
  readonly placement: Placement;
  readonly own: Size;
  readonly other: Size;
}

/** Records of one image that state different sizes, the preferred file first. */
interface Conflict {
  readonly path: string;
  readonly records: readonly [SizedRecord, ...SizedRecord[]];
}

/** The records of all images with boxes in pixels of one size per image. */
export interface OneSize {
  readonly placed: Placements;
  readonly finding: DatasetFinding | undefined;
}

/**
 * Scales the boxes of each record from the size that the record states to one size per image: that of the preferred
 * file. A file whose boxes fit only the size that other records state is not scaled, since the size that it states is
 * wrong.
 */
export function inOneSize(placed: Placements): OneSize {
  const conflicts = [...placed].flatMap(([path, placements]) => conflictIn(path, placements) ?? []);
  if (conflicts.length === 0) return { placed, finding: undefined };
  const wrong = filesWithWrongSizes(conflicts);
  const result = new Map(placed);
  for (const { path, records } of conflicts) {
    const sizeOf = ({ placement: { file }, own, other }: SizedRecord) => (wrong.has(file) ? other : own);
    const target = sizeOf(largestOfFirst(records));
    const scaled = new Map(
      records.map((one) => [one.placement, resized(one.placement, sizeOf(one), target)]),
    );
    result.set(
      path,
      (placed.get(path) ?? []).map((placement) => scaled.get(placement) ?? placement),
    );
  }
  return { placed: result, finding: sizesDiffer(conflicts) };
}

/** The records with boxes if their sizes differ by more than an exchange of the sides, which EXIF rotations explain. */
function conflictIn(path: string, placements: readonly Placement[]): Conflict | undefined {
  const labelled = placements.filter(({ image }) => image.boxes.length > 0);
  if (labelled.length < 2) return undefined;
  const sized = labelled.flatMap((placement) => {
    const { width, height } = placement.image;
    return width === null || height === null ? [] : [{ placement, own: { width, height } }];
  });
  // Most images have one size. Finding that out needs no comparison of all pairs, which takes long with thousands of files.
  if (sized.every(({ own }) => isSame(own, sized[0]?.own ?? own))) return undefined;
  const records = sized.map((one) => ({
    ...one,
    other: sized.find(({ own }) => !isSame(own, one.own))?.own ?? one.own,
  }));
  const [first, ...others] = records;
  const isUnclear =
    sized.length < labelled.length ||
    sized.some(({ own }) => sized.some((two) => !isSame(own, two.own) && isExchanged(own, two.own)));
  if (!first || isUnclear || isSame(first.own, first.other)) return undefined;
  return { path, records: [first, ...others] };
}

/** The record with the largest size in the preferred file, whatever the order of its records. */
const largestOfFirst = (records: Conflict['records']): SizedRecord =>
  records
    .filter(({ placement: { file } }) => file === records[0].placement.file)
    .reduce((one, two) => (bySize(one.own, two.own) < 0 ? two : one));

const bySize = (one: Size, two: Size) =>
  one.width * one.height - two.width * two.height || one.width - two.width;

const isSame = (one: Size, other: Size) => one.width === other.width && one.height === other.height;
const isExchanged = (one: Size, other: Size) => one.width === other.height && one.height === other.width;

/** Maximum ratio of the sides of two sizes, and chance, for which boxes only within the smaller one are evidence. */
const CORNER = 2 / 3;
const MAX_CHANCE = 0.001;

/** The files whose boxes are in pixels of the size that other records state. Each file is decided as a whole. */
function filesWithWrongSizes(conflicts: readonly Conflict[]): ReadonlySet<CocoFile> {
  const byFile = new Map<CocoFile, SizedRecord[]>();
  for (const record of conflicts.flatMap(({ records }) => records)) {
    const { file } = record.placement;
    byFile.set(file, [...(byFile.get(file) ?? []), record]);
  }
  return new Set([...byFile].filter(([, records]) => isOwnWrong(records)).map(([file]) => file));
}

function isOwnWrong(records: readonly SizedRecord[]): boolean {
  const [beyondOwn, beyondOther] = [shareBeyond(records, 'own'), shareBeyond(records, 'other')];
  if (beyondOther > MAX_BEYOND) return false;
  return beyondOwn >= MIN_BEYOND || areInCorner(records);
}

function shareBeyond(records: readonly SizedRecord[], size: 'own' | 'other'): number {
  const inside = records.flatMap((record) =>
    record.placement.image.boxes.map(({ x, y, width, height }) =>
      isInside([x, y, width, height], record[size]),
    ),
  );
  return inside.filter((is) => !is).length / inside.length;
}

/** Whether it is very unlikely that boxes which are spread over the stated size all lie within the other one. */
function areInCorner(records: readonly SizedRecord[]): boolean {
  let chance = 1;
  for (const { placement, own, other } of records) {
    const across = Math.min(1, other.width / own.width);
    const down = Math.min(1, other.height / own.height);
    if (Math.min(across, down) > CORNER) return false;
    chance *= (across * down) ** placement.image.boxes.length;
  }
  return chance < MAX_CHANCE;
}

function resized(placement: Placement, from: Size, to: Size): Placement {
  const [across, down] = [to.width / from.width, to.height / from.height];
  const boxes = placement.image.boxes.map(
    ({ label, x, y, width, height }): SourceBox => ({
      ...{ label, x: x * across, y: y * down },
      ...{ width: width * across, height: height * down },
    }),
  );
  const { width, height } = placement.image;
  const scaledFrom = width === null || height === null ? {} : { scaledFrom: { width, height } };
  return { ...placement, ...scaledFrom, image: { ...placement.image, ...to, boxes } };
}

/** Different sizes in one file are reported as pictures that overwrote one another. */
function sizesDiffer(conflicts: readonly Conflict[]): DatasetFinding | undefined {
  const ofFiles = conflicts
    .filter(({ records }) => new Set(records.map(({ placement: { file } }) => file)).size > 1)
    .sort((a, b) => byCodePoint(a.path, b.path));
  return warning(
    'COCO_SIZES_DIFFER',
    ofFiles.length,
    'COCO files state different sizes for the same image. The boxes of each file were scaled from the size that they fit. Check them in the report. If they are misplaced, correct width and height in the COCO files.',
    ofFiles.map(({ path, records }) => `${path}: ${sizesIn(records)}`),
  );
}

function sizesIn(records: Conflict['records']): string {
  const texts = records.map(({ placement, own }) => `${own.width} x ${own.height} in ${placement.file.path}`);
  return [...new Set(texts)].sort(byCodePoint).join(', ');
}
