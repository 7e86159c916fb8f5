/** Replaces NaN and Infinity, which Python writes, by null. */
export function withoutPythonNumbers(text: string): string {
  return outsideTexts(text, (part) => part.replace(/-?\b(?:NaN|Infinity)\b/g, 'null'));
}

/** An integer of 16 digits or more; digits behind a decimal point do not count. */
const LARGE_INTEGER = /(?<![\d.])\d{16}/;

/** Writes integers above 2^53, which a double cannot hold, as text. */
export function withLargeIntegersAsText(text: string): string {
  if (!LARGE_INTEGER.test(text)) return text;
  return outsideTexts(text, (part) =>
    part.replace(/-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g, (token) => {
      const isInteger = /^-?\d+$/.test(token);
      return isInteger && !Number.isSafeInteger(Number(token)) ? `"${token}"` : token;
    }),
  );
}

/** Changes what is not inside quotes. A regular expression for quoted text needs stack for each escape in it. */
function outsideTexts(json: string, change: (part: string) => string): string {
  const parts: string[] = [];
  let at = 0;
  while (at < json.length) {
    const start = json.indexOf('"', at);
    if (start < 0) break;
    const end = endOfText(json, start);
    parts.push(change(json.slice(at, start)), json.slice(start, end));
    at = end;
  }
  parts.push(change(json.slice(at)));
  return parts.join('');
}

/** The index behind the quote that closes the text whose opening quote is at `start`. */
function endOfText(json: string, start: number): number {
  for (let end = json.indexOf('"', start + 1); end >= 0; end = json.indexOf('"', end + 1)) {
    let escapes = 0;
    while (json[end - 1 - escapes] === '\\') escapes += 1;
    if (escapes % 2 === 0) return end + 1;
  }
  return json.length;
}
