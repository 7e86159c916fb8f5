/** Replaces NaN and Infinity, which Python writes, by null. */
export function withoutPythonNumbers(text: string): string {
  return text.replace(/"[^"\\]*(?:\\.[^"\\]*)*"|-?\b(?:NaN|Infinity)\b/gs, (token) =>
    token.startsWith('"') ? token : 'null',
  );
}

/** An integer of 16 digits or more; digits behind a decimal point do not count. */
const LARGE_INTEGER = /(?<![\d.])\d{16}/;

/** Writes integers above 2^53, which a double cannot hold, as text. */
export function withLargeIntegersAsText(text: string): string {
  if (!LARGE_INTEGER.test(text)) return text;
  return text.replace(/"[^"\\]*(?:\\.[^"\\]*)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/gs, (token) => {
    const isInteger = /^-?\d+$/.test(token);
    return isInteger && !Number.isSafeInteger(Number(token)) ? `"${token}"` : token;
  });
}
