/** The process that preprocessed a batch ended before the batch was done. */
export class BatchLost extends Error {
  override readonly name = 'BatchLost';

  /** @param how the exit code or the signal */
  constructor(how: string) {
    super(
      `A process that preprocesses images ended unexpectedly (${how}). Look for the reason in the worker's log, such as too little memory.`,
    );
  }
}
