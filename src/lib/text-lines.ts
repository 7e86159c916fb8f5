/** Characters of a piece of text, enough that the work per piece does not count. */
const PIECE = 64 * 1024;

/** The text of lines, each of which gets a line end. */
export function textOf(lines: Iterable<string>): string {
  return [...textPieces(lines)].join('');
}

/** The text of lines in pieces of some 64 KiB, so that the whole text is never in memory. */
export function* textPieces(lines: Iterable<string>): Generator<string> {
  let piece = '';
  for (const line of lines) {
    piece += `${line}\n`;
    if (piece.length < PIECE) continue;
    yield piece;
    piece = '';
  }
  if (piece !== '') yield piece;
}
