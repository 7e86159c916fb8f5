import zlib from 'node:zlib';
import { decodeAs } from './paths.js';

/** Ids of extra fields. */
export const ZIP64 = 0x0001;
export const UNICODE_PATH = 0x7075;

/**
 * Finds a field among the extra fields of an entry (APPNOTE.TXT 4.5.1). Returns the offset of its data; undefined if
 * there is no such field.
 */
export function extraFieldAt(extra: Buffer, id: number): number | undefined {
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) === id) return at + 4;
  }
  return undefined;
}

/**
 * Returns the name in Info-ZIP's Unicode Path field (APPNOTE.TXT 4.6.9), which WinRAR and other tools add to names in a
 * legacy code page; undefined if there is no such field or if its checksum does not match the name.
 * @param extra the extra fields of a directory entry
 */
export function unicodePath(name: Buffer, extra: Buffer): string | undefined {
  const at = extraFieldAt(extra, UNICODE_PATH);
  if (at === undefined) return undefined;
  const field = extra.subarray(at, at + extra.readUInt16LE(at - 2));
  if (field.length < 5 || field[0] !== 1 || field.readUInt32LE(1) !== zlib.crc32(name)) return undefined;
  return decodeAs('utf-8', field.subarray(5));
}
