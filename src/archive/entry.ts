import type { DatasetError } from '../dataset/model/errors.js';
import type { ArchiveEntry } from '../dataset/model/types.js';
import { unicodePath } from './extra-fields.js';
import { MAX_IMAGE_BYTES, MAX_JSON_BYTES, MAX_RATIO, RATIO_FROM_BYTES } from './limits.js';
import type { ListedFile } from './list-files.js';
import {
  decodeAs,
  decodeName,
  escapeProblem,
  nameProblem,
  normalisePath,
  refusedEntry,
  unsafe,
} from './paths.js';

const ENCRYPTED_FLAGS = 0x0001 | 0x0040 | 0x2000;
const UTF8_FLAG = 0x0800;

/** An entry of the directory, folders included. */
export interface DirectoryEntry {
  readonly entry: ArchiveEntry;
  /** The name as the directory has it, decoded. Entries with different names may have one path. */
  readonly name: string;
  /** Present if the entry cannot be read. */
  readonly refusal?: DatasetError;
  /** Whether it is a link, a device, or a name outside the archive: not a file of the archive. */
  readonly isForeign: boolean;
  /** The bytes of the name, if its encoding is not declared. */
  readonly undecodedName?: Buffer;
}

/**
 * Checks one entry of the directory. An entry with a `refusal` is listed but never read; links are never followed.
 * @param offset the offset of its local header, in bytes from the start of the file
 */
export function toEntry(file: ListedFile, offset: number, extra: Buffer): DirectoryEntry {
  const unicodeName = unicodePath(file.pathBuffer, extra);
  const name = unicodeName ?? decodeName(file.pathBuffer);
  const foreign = foreignRefusal(file, name);
  // Without its `/` at the start, an absolute name would be that of a file in the archive.
  const path = escapeProblem(name) === undefined ? normalisePath(name) : name.replaceAll('\\', '/');
  const refusal = foreign ?? refusalOf(file, name, path);
  const isUndecoded = unicodeName === undefined && !isDeclaredUtf8(file);
  return {
    entry: {
      path,
      offset,
      compressedSize: file.compressedSize,
      size: file.uncompressedSize,
      crc32: file.crc32,
      method: file.compressionMethod === 0 ? 0 : 8,
      modified: dosTime(file.lastModifiedDate, file.lastModifiedTime),
    },
    name,
    ...(refusal ? { refusal } : {}),
    isForeign: foreign !== undefined,
    ...(isUndecoded ? { undecodedName: file.pathBuffer } : {}),
  };
}

/** Whether the name is ASCII, or UTF-8 as its flag says. */
function isDeclaredUtf8({ flags, pathBuffer }: ListedFile): boolean {
  if (pathBuffer.every((byte) => byte < 0x80)) return true;
  return (flags & UTF8_FLAG) !== 0 && decodeAs('utf-8', pathBuffer) !== undefined;
}

function foreignRefusal(file: ListedFile, name: string): DatasetError | undefined {
  const problem = escapeProblem(name);
  if (problem !== undefined) {
    return refusedEntry('ArchiveUnsafe', name, problem, 'Zip the folder again with relative names.');
  }
  if (!isSpecialFile(file)) return undefined;
  return refusedEntry(
    'ArchiveUnsafe',
    name,
    'is a link or a device, not a file',
    'Links are not followed: zip the files themselves (`zip -r` without `-y`).',
  );
}

/** Returns why the entry cannot be read; undefined if it can be read. */
function refusalOf(file: ListedFile, name: string, path: string): DatasetError | undefined {
  const { compressionMethod: method, compressedSize, uncompressedSize: size } = file;
  const problem = nameProblem(path);
  if (problem !== undefined) return unsafe(name, problem);
  if ((file.flags & ENCRYPTED_FLAGS) !== 0) {
    return refusedEntry('ArchiveEncrypted', name, 'is encrypted', 'Export the dataset without a password.');
  }
  if (method !== 0 && method !== 8) {
    return refusedEntry(
      'ArchiveUnreadable',
      name,
      `uses compression method ${method}; only stored and deflated entries are supported`,
      'Zip it again with another tool.',
    );
  }
  const limit = path.toLowerCase().endsWith('.json') ? MAX_JSON_BYTES : MAX_IMAGE_BYTES;
  if (size > limit) return unsafe(name, `has ${size} bytes; the maximum is ${limit}`);
  if (size > RATIO_FROM_BYTES && size > compressedSize * MAX_RATIO) {
    return unsafe(name, `unpacks to more than ${MAX_RATIO} times its compressed size`);
  }
  return undefined;
}

/** Returns whether the entry is a link or a device. Unix and macOS tools store the file mode in the upper 16 bits of the external attributes. */
function isSpecialFile(file: ListedFile): boolean {
  const system = file.versionMadeBy >>> 8;
  if (system !== 3 && system !== 19) return false;
  const type = (file.externalFileAttributes >>> 16) & 0xf000;
  return type !== 0 && type !== 0x8000 && type !== 0x4000;
}

/** Converts an MS-DOS date and time (2-second steps, no time zone) to ISO 8601, as UTC so that all machines return the same. */
function dosTime(date: number, time: number): string {
  const two = (n: number) => String(n).padStart(2, '0');
  const year = 1980 + (date >>> 9);
  const month = Math.min(12, Math.max(1, (date >>> 5) & 15));
  const day = Math.max(1, date & 31);
  const hours = Math.min(23, time >>> 11);
  const minutes = Math.min(59, (time >>> 5) & 63);
  const seconds = Math.min(59, (time & 31) * 2);
  return `${year}-${two(month)}-${two(day)}T${two(hours)}:${two(minutes)}:${two(seconds)}`;
}
