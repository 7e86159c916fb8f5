/** A child process was ended by something other than its parent, for example by the system because memory is short. */
export class ProcessLost extends Error {
  override readonly name = 'ProcessLost';

  /**
   * @param does what the process did: "reads the archive"
   * @param how the exit code or the signal
   */
  constructor(does: string, how: string) {
    super(
      `The process that ${does} ended unexpectedly (${how}). Look for the reason in the logs of its machine, such as too little memory.`,
    );
  }
}
