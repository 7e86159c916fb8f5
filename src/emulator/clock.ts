import type { State } from './state.js';

/**
 * A clock that runs `speed` times as fast as the system clock, in milliseconds since 1970. After a restart, also with
 * another speed, it continues from its last value. It never goes back, so a training that has ended stays ended.
 */
export function emulatedClock(state: State, speed: number, realNow: () => number = Date.now): () => number {
  const last = state.clock;
  if (speed === 1 && !last) return realNow;
  const real = realNow();
  const emulated = last ? last.emulated + (real - last.real) * last.speed : real;
  if (last?.speed !== speed) state.setClock({ real, emulated, speed });
  return () => emulated + (realNow() - real) * speed;
}
