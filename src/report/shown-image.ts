import type { Box } from '../dataset/model/types.js';
import type { CuratedCandidate } from './curated-candidate.js';
import { type BoxRole, MAX_OUTLINES, type ShownImage } from './facts.js';

/** A box as it is drawn. */
export function withRole(box: Box, role: BoxRole): ShownImage['boxes'][number] {
  const { label, left, top, width, height } = box;
  return { label, left, top, width, height, role };
}

export const asOwn = (box: Box) => withRole(box, 'own');

/** An image to show, with the boxes that reach into the view. */
export function show(
  { path, key, split }: CuratedCandidate,
  boxes: ShownImage['boxes'],
  view: ShownImage['view'],
): ShownImage {
  const visible = view
    ? boxes.filter(
        ({ left, top, width, height }) =>
          left + width >= view.left &&
          top + height >= view.top &&
          left <= view.left + view.width &&
          top <= view.top + view.height,
      )
    : boxes;
  return { path, key, split, view, boxes: visible.slice(0, MAX_OUTLINES) };
}
