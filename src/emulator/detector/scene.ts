import { intersectionOverUnion, type Rectangle } from '../../evaluation/metrics.js';
import { type Random, shuffle } from '../../lib/random.js';
import type { Cells } from './cells.js';
import { CellSums, FEATURES } from './features.js';
import type { Scorer } from './linear-head.js';
import { NO_OFFSETS, offsetsOf } from './offsets.js';
import type { Samples } from './samples.js';
import { placeWindows, type Shape } from './windows.js';

/** An object on a training picture, in cells. */
export interface SceneObject extends Rectangle {
  /** Place of its class among the labels. */
  readonly label: number;
}

export interface Scene {
  readonly cells: Cells;
  readonly objects: readonly SceneObject[];
}

/** Windows that overlap an object by this much show it. */
const SHOWS_IT = 0.5;
/** Windows that overlap every object by less show background; between the two lies what would be a matter of opinion. */
const SHOWS_NOTHING = 0.3;
/** A mistake counts as one up to this overlap: what lies there is no detection of the object. */
const MISSES_IT = 0.35;
const MIN_MISTAKE = 0.1;

export interface FirstSamples {
  readonly windows: number;
  /** Windows to take of those that show an object, beside the object itself. */
  readonly perObject: number;
  readonly background: number;
}

/** Adds the objects of a picture, some windows that show them, and some that show background. */
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
    if (object && overlap >= SHOWS_IT) shown.get(object)?.push(window);
    else if (overlap < SHOWS_NOTHING) empty.push(window);
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

/** Adds the windows of a picture that a scorer is most wrongly sure of, as background: hard negatives. */
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
    if (nearest(window, scene.objects).overlap >= MISSES_IT) continue;
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
