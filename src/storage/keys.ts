/** Characters that XML cannot carry, or that S3 servers refuse or resolve: control characters, lone surrogates, backslashes. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: the pattern finds control characters
const UNUSABLE = /[\u0000-\u001f\u007f\p{Cs}\\]/u;
const UNUSABLE_SEGMENTS: ReadonlySet<string> = new Set(['', '.', '..']);

/**
 * Whether every S3 server takes the key as it is. Servers that store objects as files refuse or resolve backslashes and
 * the segments `.`, `..` and the empty one, so that such a key fails or names another object.
 */
export function isPlainKey(key: string): boolean {
  return !UNUSABLE.test(key) && !key.split('/').some((segment) => UNUSABLE_SEGMENTS.has(segment));
}
