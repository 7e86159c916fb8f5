/** Runs a generator to its end without pausing; returns its result. */
export function finish<R>(pass: Iterator<unknown, R>): R {
  let step = pass.next();
  while (!step.done) step = pass.next();
  return step.value;
}
