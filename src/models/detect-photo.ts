import { intersectionOverSmaller, type Rectangle } from '../dataset/model/rectangle.js';
import type { Photo } from '../images/photo.js';
import type { FoundLabel, ModelRef, ModelRunner } from './model-runner.js';

/** Of detections of one class in different pictures of a photo, with at least this overlap, the most confident is kept. */
const SAME_OBJECT = 0.5;

/**
 * Detects objects on a photo and on its tiles, one request each, and joins the detections. Boxes are in shares of the
 * photo's sides.
 * @throws TrainingError
 */
export async function detectPhoto(
  runner: Pick<ModelRunner, 'detect'>,
  model: ModelRef,
  { picture, tiles }: Pick<Photo, 'picture' | 'tiles'>,
  minConfidence?: number,
): Promise<FoundLabel[]> {
  const found = [await runner.detect(model, picture, minConfidence)];
  for (const { area, picture: tile } of tiles) {
    const labels = await runner.detect(model, tile, minConfidence);
    found.push(labels.map((label) => ({ ...label, box: inPhoto(label.box, area) })));
  }
  return joinDetections(found);
}

/**
 * Joins the detections of several pictures of one photo. An object that several pictures show, whole or in part, is
 * reported once. The service has joined the detections of each picture already.
 */
function joinDetections(pictures: readonly (readonly FoundLabel[])[]): FoundLabel[] {
  if (pictures.length === 1) return [...(pictures[0] ?? [])];
  const kept: { found: FoundLabel; picture: number }[] = [];
  const all = pictures
    .flatMap((labels, picture) => labels.map((found) => ({ found, picture })))
    .sort((a, b) => b.found.confidence - a.found.confidence);
  for (const { found, picture } of all) {
    const isKnown = kept.some(
      (one) =>
        one.picture !== picture &&
        one.found.label === found.label &&
        intersectionOverSmaller(one.found.box, found.box) >= SAME_OBJECT,
    );
    if (!isKnown) kept.push({ found, picture });
  }
  return kept.map(({ found }) => found);
}

function inPhoto(box: Rectangle, tile: Rectangle): Rectangle {
  return {
    left: tile.left + box.left * tile.width,
    top: tile.top + box.top * tile.height,
    width: box.width * tile.width,
    height: box.height * tile.height,
  };
}
