/** Read once: in a VM context, where tests run, each access to a global is slow. */
const { floor, imul, sqrt } = Math;

/** A seeded source of random numbers. It uses exact operations only (+ - * / sqrt), so that all machines agree. */
export interface Random {
  /** A number from 0, inclusive, to 1, exclusive. */
  next(): number;
  /** A number from `low`, inclusive, to `high`, exclusive. */
  between(low: number, high: number): number;
  /** A whole number from `low` to `high`, both inclusive. */
  integer(low: number, high: number): number;
  /** True with this probability, 0 to 1. */
  chance(probability: number): boolean;
  /** A random item of the list. */
  pick<T>(list: readonly [T, ...T[]]): T;
  /** A vector of length 1 in a uniformly distributed direction. */
  direction(): readonly [number, number];
}

/** Hashes a seed and the numbers of a stream to 32 bits, so that neighbouring streams are unrelated. */
function mix(seed: number, stream: readonly number[]): number {
  let state = seed >>> 0;
  for (const part of [floor(seed / 2 ** 32), ...stream]) {
    state = imul(state ^ (state >>> 16), 0x7feb352d);
    state = imul(state ^ (state >>> 15), 0x846ca68b);
    state = ((state ^ (state >>> 16)) + imul(part + 1, 0x9e3779b9)) >>> 0;
  }
  return state;
}

/** Creates a mulberry32 generator. The same seed and stream numbers give the same sequence. */
export function createRandom(seed: number, ...stream: readonly number[]): Random {
  let state = mix(seed, stream);
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = imul(state ^ (state >>> 15), 1 | state);
    t = (t + imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  return {
    next,
    between: (low, high) => low + (high - low) * next(),
    integer: (low, high) => low + floor((high - low + 1) * next()),
    chance: (probability) => next() < probability,
    pick: (list) => list[floor(next() * list.length)] ?? list[0],
    direction: () => {
      for (;;) {
        const x = 2 * next() - 1;
        const y = 2 * next() - 1;
        const square = x * x + y * y;
        if (square > 0.01 && square <= 1) {
          const length = sqrt(square);
          return [x / length, y / length];
        }
      }
    },
  };
}

/** Shuffles the list in place (Fisher-Yates) and returns it. */
export function shuffle<T>(list: T[], random: Random): T[] {
  for (let i = list.length - 1; i > 0; i -= 1) {
    const j = random.integer(0, i);
    const [a, b] = [list[i] as T, list[j] as T];
    list[i] = b;
    list[j] = a;
  }
  return list;
}
