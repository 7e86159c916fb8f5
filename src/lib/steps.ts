/** Items between two yields: a few tens of milliseconds of work. */
const ITEMS_PER_STEP = 10_000;

/** What a long computation yields: nothing, or a promise that its driver awaits. The promise never rejects. */
export type Pause = Promise<void> | undefined;

/** A long computation that yields from time to time, and returns its result. */
export type Steps<R> = Generator<Pause, R, void>;

/**
 * Calls `onItem` for each item and returns the return value of `items`. As a generator it yields from time to time, so
 * that its driver can let heartbeats and other work of the process run during a long pass over a dataset.
 */
export function* visit<T, R>(items: Iterator<T, R>, onItem: (item: T) => void): Generator<undefined, R> {
  let next = items.next();
  for (let count = 1; !next.done; count++) {
    onItem(next.value);
    if (count % ITEMS_PER_STEP === 0) yield;
    next = items.next();
  }
  return next.value;
}
