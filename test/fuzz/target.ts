/** A part of Curator that reads what others write. */
export interface FuzzTarget {
  /** Makes the input of a seed: the same bytes each time. */
  make(seed: number): Promise<Buffer>;
  /**
   * Reads an input. Resolves if it is accepted or refused as documented.
   * @throws any error that a user must never meet
   */
  run(input: Buffer): Promise<void>;
  /** Ends what the target has started. */
  stop?(): Promise<void>;
}

/** Runs `read` and accepts its documented errors. */
export async function accepting(
  isDocumented: (error: unknown) => boolean,
  read: () => unknown,
): Promise<void> {
  try {
    await read();
  } catch (error) {
    if (!isDocumented(error)) throw error;
  }
}

export function check(isRight: boolean, problem: string): void {
  if (!isRight) throw new Error(problem);
}
