/** Which UTF-16 the bytes of a JSON text are, by the byte order mark or by the zero byte beside the first bracket. */
export function utf16Of([a, b]: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
  if ((a === 0xff && b === 0xfe) || ((a === 0x7b || a === 0x5b) && b === 0)) return 'utf-16le';
  if ((a === 0xfe && b === 0xff) || (a === 0 && (b === 0x7b || b === 0x5b))) return 'utf-16be';
  return undefined;
}
