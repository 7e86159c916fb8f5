import { byCodePoint } from '../../lib/order.js';
import { type DatasetFinding, warning } from '../model/findings.js';
import type { CocoFile } from './coco.js';

/** Annotations that cannot be used, by image. */
export interface LostAnnotations {
  readonly path: string;
  /** Counts by reason. */
  readonly dropped: Readonly<Record<string, number>>;
}

const REASONS: readonly (readonly [reason: string, code: string, what: string])[] = [
  ['crowd', 'BOXES_CROWD', 'mark a crowd (iscrowd) and were dropped. Set KEEP_CROWD=true to keep them'],
  [
    'invalid-box',
    'BOXES_INVALID',
    'have no box that can be read, nor a polygon or mask, and were dropped. A bbox is [left, top, width, height] in pixels',
  ],
  ['empty-box', 'BOXES_EMPTY', 'have a box without width or height and were dropped. Label them again'],
];

/**
 * Reports dropped annotations: one finding per reason with count, share and cases.
 * @param found all annotations of the COCO files that count
 */
export function lossFindings(
  images: readonly LostAnnotations[],
  files: readonly CocoFile[],
  found: number,
): DatasetFinding[] {
  const findings = REASONS.map(([reason, code, what]) => {
    const cases = images.flatMap(({ path, dropped }) => {
      const count = dropped[reason] ?? 0;
      return count > 0 ? [{ count, text: `${path}: ${count}` }] : [];
    });
    const count = cases.reduce((sum, one) => sum + one.count, 0);
    return warning(
      code,
      count,
      `${share(count, found)} ${what}.`,
      cases.map(({ text }) => text),
    );
  });
  const orphans = files.reduce((sum, file) => sum + file.orphans, 0);
  const orphaned = warning(
    'ANNOTATIONS_WITHOUT_IMAGE',
    orphans,
    `${share(orphans, found)} have an image_id that no image of their COCO file has, and were dropped. Export images and annotations together.`,
    files.flatMap(({ path, orphanIds }) => orphanIds.map((id) => `${path}: image_id ${id}`)),
  );
  return [...findings, orphaned].filter((finding) => finding !== undefined);
}

const share = (count: number, found: number) =>
  `${count} of ${found} annotations (${Math.round((100 * count) / Math.max(1, found))} %)`;

/** Names the boxes that were taken from polygons or masks, by what their bbox looks like. */
export function shapeFindings(
  images: readonly { readonly path: string; readonly fromShapes: Readonly<Record<string, number>> }[],
): DatasetFinding[] {
  const totals = new Map<string, number>();
  const cases: string[] = [];
  let count = 0;
  for (const { path, fromShapes } of images) {
    for (const [what, n] of Object.entries(fromShapes)) {
      totals.set(what, (totals.get(what) ?? 0) + n);
      count += n;
    }
    if (Object.keys(fromShapes).length > 0) cases.push(path);
  }
  const listed = [...totals]
    .sort(([a, m], [b, n]) => n - m || byCodePoint(a, b))
    .map(([what, n]) => `${n} ${what}`);
  const finding = warning(
    'BOXES_FROM_SHAPES',
    count,
    `The bbox of annotations is not [left, top, width, height] in pixels; their polygons or masks were used instead. Their bbox is: ${listed.join(', ')}.`,
    cases,
  );
  return finding ? [finding] : [];
}
