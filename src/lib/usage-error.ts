/** Everything that can be wrong with settings, reported together. Exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
