/** Turns and mirrorings of a square picture: each maps a place of the turned picture to one of the source. */
const TURNS: readonly ((x: number, y: number, last: number) => [number, number])[] = [
  (x, y) => [x, y],
  (x, y, last) => [last - x, y],
  (x, y, last) => [x, last - y],
  (x, y, last) => [last - x, last - y],
  (x, y) => [y, x],
  (x, y, last) => [y, last - x],
  (x, y, last) => [last - y, x],
  (x, y, last) => [last - y, last - x],
];

/** The 8 turns of a square luma picture, the first as it is. */
export function turnsOf(picture: Uint8Array, side: number): Uint8Array[] {
  return TURNS.map((turn) => {
    const turned = new Uint8Array(picture.length);
    for (let y = 0; y < side; y++) {
      for (let x = 0; x < side; x++) {
        const [fromX, fromY] = turn(x, y, side - 1);
        turned[y * side + x] = picture[fromY * side + fromX] ?? 0;
      }
    }
    return turned;
  });
}

/**
 * Correlation of two luma pictures of one size, -1 to 1; brightness and contrast cancel out. A flat picture
 * correlates with nothing. Sums are integers below 2^53, so that every processor gives the same answer.
 */
export function correlation(a: Uint8Array, b: Uint8Array): number {
  const n = a.length;
  let [sumA, sumB, sumAA, sumBB, sumAB] = [0, 0, 0, 0, 0];
  for (let i = 0; i < n; i++) {
    const [p, q] = [a[i] ?? 0, b[i] ?? 0];
    sumA += p;
    sumB += q;
    sumAA += p * p;
    sumBB += q * q;
    sumAB += p * q;
  }
  const [varianceA, varianceB] = [n * sumAA - sumA * sumA, n * sumBB - sumB * sumB];
  if (varianceA === 0 || varianceB === 0) return 0;
  return (n * sumAB - sumA * sumB) / Math.sqrt(varianceA) / Math.sqrt(varianceB);
}
