/** Taken once: in a VM context, where tests run, each look at a global is slow. */
const { floor, imul, sqrt } = Math;

/** A seeded source of random numbers. Only exact operations (+ - * / sqrt) follow from it, so that machines agree. */
export interface Random {
  /** 0 <= value < 1. */
  next(): number;
  between(low: number, high: number): number;
  /** A whole number, both ends included. */
  integer(low: number, high: number): number;
  chance(probability: number): boolean;
  pick<T>(list: readonly [T, ...T[]]): T;
  /** A vector of length 1, evenly spread over the circle. */
  direction(): readonly [number, number];
}

/** Spreads a seed and the numbers of a stream over 32 bits, so that neighbouring streams have nothing in common. */
function mix(seed: number, stream: readonly number[]): number {
  let state = seed >>> 0;
  for (const part of [floor(seed / 2 ** 32), ...stream]) {
    state = imul(state ^ (state >>> 16), 0x7feb352d);
    state = imul(state ^ (state >>> 15), 0x846ca68b);
    state = ((state ^ (state >>> 16)) + imul(part + 1, 0x9e3779b9)) >>> 0;
  }
  return state;
}

/** The mulberry32 generator. Equal seed and stream numbers give equal values. */
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

/** Fisher-Yates, in place. */
export function shuffle<T>(list: T[], random: Random): T[] {
  for (let i = list.length - 1; i > 0; i -= 1) {
    const j = random.integer(0, i);
    const [a, b] = [list[i] as T, list[j] as T];
    list[i] = b;
    list[j] = a;
  }
  return list;
}
