/** The result of a pass that pauses, without the pauses. */
export function finish<R>(pass: Iterator<unknown, R>): R {
  let step = pass.next();
  while (!step.done) step = pass.next();
  return step.value;
}
