/** Items between two pauses: a few tens of milliseconds of work. */
const ITEMS_A_STEP = 10_000;

/**
 * Long passes over a dataset are generators that pause now and then, so that heartbeats and other work of the process
 * get their turns. This one visits items, pauses among them, and returns what their generator does.
 */
export function* visit<T, R>(items: Iterator<T, R>, onItem: (item: T) => void): Generator<undefined, R> {
  let next = items.next();
  for (let count = 1; !next.done; count++) {
    onItem(next.value);
    if (count % ITEMS_A_STEP === 0) yield;
    next = items.next();
  }
  return next.value;
}
