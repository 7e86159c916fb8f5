/** Compares strings by code point, an order that is independent of machine, locale and server. */
export function byCodePoint(a: string, b: string): number {
  let i = 0;
  while (i < a.length && i < b.length && a.charCodeAt(i) === b.charCodeAt(i)) i += 1;
  const left = a.codePointAt(i) ?? -1;
  const right = b.codePointAt(i) ?? -1;
  return left - right;
}
