/** Invalid input of a person: flags, variables, settings or arguments. Commands exit with code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
