import { Readable } from 'node:stream';
import unzipper, { type CentralDirectory, type File } from 'unzipper';

/** An entry as the directory describes it, unchecked: the fields of APPNOTE.TXT 4.3.12 with ZIP64 values resolved. */
export type ListedFile = Pick<
  File,
  | 'signature'
  | 'versionMadeBy'
  | 'flags'
  | 'compressionMethod'
  | 'lastModifiedTime'
  | 'lastModifiedDate'
  | 'crc32'
  | 'compressedSize'
  | 'uncompressedSize'
  | 'externalFileAttributes'
  | 'offsetToLocalFileHeader'
  | 'pathBuffer'
>;

/** unzipper's type declaration lacks the options. */
const openCustom = unzipper.Open.custom as (
  source: { size(): Promise<number>; stream(offset: number): Readable },
  options: { tailSize: number },
) => Promise<CentralDirectory>;

/** Bytes per chunk of a stream. With chunks of this size unzipper lists 60,000 entries in 0.4 s. */
const CHUNK_BYTES = 64 * 1024;
const END_BYTES = 22;
const NO_NAME = Buffer.alloc(0);

/**
 * Lists the entries of a central directory with unzipper. The bytes are read beforehand,
 * because unzipper turns an error of a source stream into an uncaught exception.
 * @param directory the bytes of the central directory alone
 * @param entries the number of entries in it
 * @throws if the directory is damaged
 */
export async function listFiles(directory: Buffer, entries: number): Promise<readonly ListedFile[]> {
  const end = endRecords(directory.length, entries);
  const { files } = await openCustom(
    {
      size: async () => directory.length + end.length,
      stream: (offset) =>
        offset < directory.length
          ? chunks([directory.subarray(offset), end])
          : chunks([end.subarray(offset - directory.length)]),
    },
    { tailSize: END_BYTES },
  );
  // unzipper gives an empty name as a string.
  return files.map((file) => (file.pathBuffer.length > 0 ? file : { ...file, pathBuffer: NO_NAME }));
}

/** Builds the end records of an archive that has only a directory. ZIP64 is used because it allows any number of entries. */
function endRecords(directoryBytes: number, entries: number): Buffer {
  const records = Buffer.alloc(56 + 20 + END_BYTES);
  records.writeUInt32LE(0x06064b50, 0);
  records.writeBigUInt64LE(44n, 4);
  records.writeBigUInt64LE(BigInt(entries), 24);
  records.writeBigUInt64LE(BigInt(entries), 32);
  records.writeBigUInt64LE(BigInt(directoryBytes), 40);
  records.writeUInt32LE(0x07064b50, 56);
  records.writeBigUInt64LE(BigInt(directoryBytes), 64);
  records.writeUInt32LE(1, 72);
  records.writeUInt32LE(0x06054b50, 76);
  records.fill(0xff, 84, 96);
  return records;
}

function chunks(buffers: readonly Buffer[]): Readable {
  return Readable.from(
    (function* () {
      for (const buffer of buffers) {
        for (let at = 0; at < buffer.length; at += CHUNK_BYTES) yield buffer.subarray(at, at + CHUNK_BYTES);
      }
    })(),
    { objectMode: false },
  );
}
