import type { State } from './state.js';

/**
 * A clock that runs `speed` times as fast as the machine's. It goes on over restarts, also at another speed, and
 * never back: what has ended by it has ended for good.
 */
export function emulatedClock(state: State, speed: number, realNow: () => number = Date.now): () => number {
  const last = state.clock;
  if (speed === 1 && !last) return realNow;
  const real = realNow();
  const emulated = last ? last.emulated + (real - last.real) * last.speed : real;
  if (last?.speed !== speed) state.setClock({ real, emulated, speed });
  return () => emulated + (realNow() - real) * speed;
}
