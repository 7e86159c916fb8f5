import { intersectionOverUnion, type Rectangle } from '../../dataset/model/rectangle.js';
import { type Random, shuffle } from '../../lib/random.js';
import type { Cells } from './cells.js';
import { CellSums, FEATURES } from './features.js';
import type { Scorer } from './linear-head.js';
import { NO_OFFSETS, offsetsOf } from './offsets.js';
import type { Samples } from './samples.js';
import { placeWindows, type Shape } from './windows.js';

/** An object in a training picture; its rectangle is in cells. */
export interface SceneObject extends Rectangle {
  /** Index of its class among the labels. */
  readonly label: number;
}

export interface Scene {
  readonly cells: Cells;
  readonly objects: readonly SceneObject[];
}

/** Minimum overlap (IoU) of a window with an object that it shows. */
const OBJECT_OVERLAP = 0.5;
/** Windows with less overlap show background. Windows between the two limits are ambiguous and not used. */
const BACKGROUND_OVERLAP = 0.3;
/** Windows with less overlap than this count as false positives if the scorer takes them for an object. */
const MISTAKE_OVERLAP = 0.35;
/** Minimum object probability of a false positive. */
const MIN_MISTAKE = 0.1;

export interface FirstSamples {
  readonly windows: number;
  /** Maximum number of windows per object, in addition to the object's own box. */
  readonly perObject: number;
  readonly background: number;
}

/** Adds samples of a picture: its objects, some windows that show them, and some windows that show background. */
export function addFirstSamples(
  samples: Samples,
  scene: Scene,
  shapes: readonly Shape[],
  limits: FirstSamples,
  background: number,
  random: Random,
): void {
  const sums = new CellSums(scene.cells);
  const add = (label: number, window: Rectangle, offsets: Float32Array) =>
    samples.add(label, offsets, (out, at) => sums.describe(window, out, at));
  const shown = new Map<SceneObject, Rectangle[]>(scene.objects.map((object) => [object, []]));
  const empty: Rectangle[] = [];
  for (const window of windowsOf(scene, shapes, limits.windows)) {
    const { object, overlap } = nearest(window, scene.objects);
    if (object && overlap >= OBJECT_OVERLAP) shown.get(object)?.push(window);
    else if (overlap < BACKGROUND_OVERLAP) empty.push(window);
  }
  for (const [object, windows] of shown) {
    add(object.label, object, NO_OFFSETS);
    for (const window of shuffle(windows, random).slice(0, limits.perObject)) {
      add(object.label, window, offsetsOf(window, object));
    }
  }
  for (const window of shuffle(empty, random).slice(0, limits.background))
    add(background, window, NO_OFFSETS);
}

/** Adds hard negatives of a picture: the background windows that the scorer most confidently takes for objects. */
export function addMistakes(
  samples: Samples,
  scene: Scene,
  shapes: readonly Shape[],
  limits: { readonly windows: number; readonly mistakes: number },
  background: number,
  scorer: Scorer,
): void {
  const sums = new CellSums(scene.cells);
  const features = new Float32Array(FEATURES);
  const mistakes: { window: Rectangle; certainty: number }[] = [];
  for (const window of windowsOf(scene, shapes, limits.windows)) {
    if (nearest(window, scene.objects).overlap >= MISTAKE_OVERLAP) continue;
    sums.describe(window, features, 0);
    const certainty = scorer.score(features);
    if (certainty > MIN_MISTAKE) mistakes.push({ window, certainty });
  }
  mistakes.sort((a, b) => b.certainty - a.certainty);
  for (const { window } of mistakes.slice(0, limits.mistakes)) {
    samples.add(background, NO_OFFSETS, (out, at) => sums.describe(window, out, at));
  }
}

function windowsOf({ cells }: Scene, shapes: readonly Shape[], limit: number): Rectangle[] {
  return placeWindows(shapes, { width: cells.columns, height: cells.rows }, limit);
}

function nearest(window: Rectangle, objects: readonly SceneObject[]) {
  let [overlap, found]: [number, SceneObject | undefined] = [0, undefined];
  for (const object of objects) {
    const here = intersectionOverUnion(window, object);
    if (here > overlap) [overlap, found] = [here, object];
  }
  return { overlap, object: found };
}
