import type { Rectangle } from '../../dataset/model/rectangle.js';
import type { Size } from '../../dataset/model/types.js';
import type { Random } from '../../lib/random.js';

/** Width and height of a window as shares of the picture's longer side. */
export type Shape = Size;

const SHAPES = 9;
const ROUNDS = 25;
/** Stride of a window as a share of its side. */
const STRIDE = 0.2;

/** The typical shapes of the boxes: k-means over the logarithms of their sides. */
export function clusterShapes(boxes: readonly Shape[], random: Random): Shape[] {
  const points = boxes.map(({ width, height }) => [Math.log(width), Math.log(height)] as const);
  let centers = initialCenters(points, random);
  for (let round = 0; round < ROUNDS; round++) {
    const sums = centers.map(() => [0, 0, 0] as [number, number, number]);
    for (const point of points) {
      const sum = sums[nearest(point, centers)];
      if (!sum) continue;
      sum[0] += point[0];
      sum[1] += point[1];
      sum[2] += 1;
    }
    centers = sums.flatMap(([x, y, count]) => (count > 0 ? [[x / count, y / count] as const] : []));
  }
  return centers.map(([x, y]) => ({ width: Math.exp(x), height: Math.exp(y) }));
}

type Point = readonly [number, number];

/** Initial centres: a random point, then repeatedly the point that is farthest from all chosen ones. */
function initialCenters(points: readonly Point[], random: Random): Point[] {
  const first = points[Math.floor(random.next() * points.length)];
  if (!first) return [];
  const centers: Point[] = [first];
  while (centers.length < SHAPES) {
    const distances = points.map((point): number =>
      distance(point, centers[nearest(point, centers)] ?? first),
    );
    const farthest = distances.reduce((best, value, i) => (value > (distances[best] ?? 0) ? i : best), 0);
    const next = points[farthest];
    if (!next || distances[farthest] === 0) break;
    centers.push(next);
  }
  return centers;
}

function nearest(point: Point, centers: readonly Point[]): number {
  let [best, shortest] = [0, Number.POSITIVE_INFINITY];
  centers.forEach((center, i) => {
    const here = distance(point, center);
    if (here < shortest) [best, shortest] = [i, here];
  });
  return best;
}

function distance([ax, ay]: Point, [bx, by]: Point): number {
  return (ax - bx) * (ax - bx) + (ay - by) * (ay - by);
}

/**
 * The windows of a picture of `size` cells, in cells: every shape in even steps from edge to edge. The steps grow until
 * there are at most `limit` windows.
 */
export function placeWindows(shapes: readonly Shape[], size: Size, limit: number): Rectangle[] {
  const longer = Math.max(size.width, size.height);
  const windows = shapes.map(({ width, height }) => ({
    width: Math.min(size.width, width * longer),
    height: Math.min(size.height, height * longer),
  }));
  let stride = STRIDE;
  let grids = windows.map((window) => gridOf(window, size, stride));
  while (grids.reduce((sum, { across, down }) => sum + across * down, 0) > limit) {
    stride *= 1.1;
    grids = windows.map((window) => gridOf(window, size, stride));
  }
  return grids.flatMap(({ across, down, width, height }) =>
    Array.from({ length: across * down }, (_, i) => ({
      left: across === 1 ? (size.width - width) / 2 : ((i % across) * (size.width - width)) / (across - 1),
      top:
        down === 1
          ? (size.height - height) / 2
          : (Math.floor(i / across) * (size.height - height)) / (down - 1),
      width,
      height,
    })),
  );
}

function gridOf(window: Size, size: Size, stride: number): Size & { across: number; down: number } {
  const steps = (room: number, side: number) => 1 + Math.round(room / Math.max(1e-6, side * stride));
  return {
    ...window,
    across: steps(size.width - window.width, window.width),
    down: steps(size.height - window.height, window.height),
  };
}
