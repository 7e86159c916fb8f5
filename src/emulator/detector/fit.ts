import type { LabelledPicture } from '../../evaluation/chance.js';
import { byCodePoint } from '../../lib/order.js';
import { createRandom, type Random, shuffle } from '../../lib/random.js';
import { CELL, CHANNELS, describeCells } from './cells.js';
import { createHead, fitHead } from './fit-head.js';
import type { FittedWindows } from './fitted-windows.js';
import { Scorer } from './linear-head.js';
import type { Picture } from './picture.js';
import { Samples } from './samples.js';
import { addFirstSamples, addMistakes, type Scene } from './scene.js';
import { clusterShapes, type Shape } from './windows.js';

/** Longer side of the scaled picture in pixels, chosen so that a small box spans about SMALL_BOX pixels. */
const SIDES = { min: 256, max: 768 };
const SMALL_BOX = 24;
/** The quantile of the box sizes that counts as small. */
const SMALL_SHARE = 0.2;

/** Limits of what is in memory at once. A larger dataset is fitted on a seeded random subset of its pictures. */
const MAX_CELL_BYTES = 160 * 1024 ** 2;
const MAX_BOXES = 20_000;

/** Total numbers of windows, divided by the number of pictures or boxes. */
const BUDGET = { windows: 400_000, nearObjects: 20_000, background: 12_000, mistakes: 10_000 };
const MINING_ROUNDS = 2;

/**
 * Fits a sliding-window detector: edge and colour features of windows in the shapes of the boxes, a linear softmax over
 * the classes and background, and rounds of hard negative mining. The same pictures and seed give the same detector.
 * @param read reads a picture by its index in `pictures`; the next one is requested in advance
 */
export async function fitSlidingWindows(
  pictures: readonly LabelledPicture[],
  read: (index: number) => Promise<Picture>,
  seed: number,
): Promise<FittedWindows> {
  const random = createRandom(seed);
  const labels = [...new Set(pictures.flatMap(({ boxes }) => boxes.map(({ label }) => label)))].sort(
    byCodePoint,
  );
  const sizes = pictures.flatMap(sharesOf);
  const side = scaledSide(sizes);
  const shapes = clusterShapes(sizes, random);
  const scenes = await readScenes(pictures, choose(pictures, side, random), labels, side, read);

  const objects = scenes.reduce((sum, scene) => sum + scene.objects.length, 0);
  const each = (budget: number, count: number, min: number, max: number) =>
    Math.max(min, Math.min(max, Math.round(budget / count)));
  const windows = each(BUDGET.windows, scenes.length, 200, 4000);
  const first = {
    windows,
    perObject: each(BUDGET.nearObjects, objects, 1, 6),
    background: each(BUDGET.background, scenes.length, 4, 24),
  };
  const mined = { windows, mistakes: each(BUDGET.mistakes, scenes.length, 4, 100) };

  const samples = new Samples();
  for (const scene of scenes) addFirstSamples(samples, scene, shapes, first, labels.length, random);
  const head = createHead(labels.length, samples);
  fitHead(head, samples, random);
  for (let round = 0; round < MINING_ROUNDS; round++) {
    const scorer = new Scorer(head);
    for (const scene of scenes) addMistakes(samples, scene, shapes, mined, labels.length, scorer);
    fitHead(head, samples, random);
  }
  return { labels, side, shapes, head };
}

function sharesOf({ size, boxes }: LabelledPicture): Shape[] {
  const longer = Math.max(size.width, size.height);
  return boxes.map(({ width, height }) => ({ width: width / longer, height: height / longer }));
}

function scaledSide(sizes: readonly Shape[]): number {
  const means = sizes.map(({ width, height }) => Math.sqrt(width * height)).sort((a, b) => a - b);
  const small = means[Math.floor(means.length * SMALL_SHARE)] ?? 1;
  const side = Math.max(SIDES.min, Math.min(SIDES.max, SMALL_BOX / small));
  return Math.round(side / CELL) * CELL;
}

/** Indices of the pictures to fit on: all, or a random subset if there are too many for memory. */
function choose(pictures: readonly LabelledPicture[], side: number, random: Random): number[] {
  const bytes = (side / CELL) ** 2 * CHANNELS * Uint16Array.BYTES_PER_ELEMENT;
  const chosen: number[] = [];
  let boxes = 0;
  for (const index of shuffle([...pictures.keys()], random)) {
    boxes += pictures[index]?.boxes.length ?? 0;
    const isFull = (chosen.length + 1) * bytes > MAX_CELL_BYTES || boxes > MAX_BOXES;
    if (isFull && chosen.length > 0) break;
    chosen.push(index);
  }
  return chosen.sort((a, b) => a - b);
}

async function readScenes(
  pictures: readonly LabelledPicture[],
  chosen: readonly number[],
  labels: readonly string[],
  side: number,
  read: (index: number) => Promise<Picture>,
): Promise<Scene[]> {
  const scenes: Scene[] = [];
  const request = (position: number) => {
    const index = chosen[position];
    return index === undefined ? undefined : read(index);
  };
  let next = request(0);
  for (const [position, index] of chosen.entries()) {
    const picture = await next;
    next = request(position + 1);
    const { size, boxes = [] } = pictures[index] ?? {};
    if (!picture || !size) continue;
    const cells = describeCells(picture, side);
    const [across, down] = [cells.columns / size.width, cells.rows / size.height];
    const objects = boxes.map((box) => ({
      label: labels.indexOf(box.label),
      left: box.left * across,
      top: box.top * down,
      width: box.width * across,
      height: box.height * down,
    }));
    scenes.push({ cells, objects });
  }
  return scenes;
}
