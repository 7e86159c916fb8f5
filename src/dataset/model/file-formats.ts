/** A file format, recognised by its first bytes. */
export interface FileFormat {
  /** With its article, such as `a PNG image`. */
  readonly name: string;
  /** `archive` if the file has to be unpacked, `download` if it is what a failed download leaves. */
  readonly kind: 'archive' | 'download' | 'other';
  /** What to do, if that does not depend on what was expected. */
  readonly advice?: string;
}

type Signature = readonly [offset: number, bytes: string, name: string];

const ARCHIVES: readonly Signature[] = [
  [0, 'PK\x03\x04', 'a ZIP archive'],
  [0, '\x1f\x8b', 'a gzip archive (.gz, .tar.gz)'],
  [257, 'ustar', 'a tar archive'],
  [0, "7z\xbc\xaf'\x1c", 'a 7-Zip archive'],
  [0, 'Rar!', 'a RAR archive'],
  [0, '\xfd7zXZ', 'an xz archive'],
  [0, 'BZh', 'a bzip2 archive'],
  [0, '\x28\xb5\x2f\xfd', 'a Zstandard archive'],
];

const OTHERS: readonly Signature[] = [
  [0, '\xff\xd8\xff', 'a JPEG image'],
  [0, '\x89PNG', 'a PNG image'],
  [0, 'GIF8', 'a GIF image'],
  [8, 'WEBP', 'a WebP image'],
  [0, 'II*\0', 'a TIFF image'],
  [0, 'MM\0*', 'a TIFF image'],
  [0, 'BM', 'a BMP image'],
  [4, 'ftyp', 'a video or HEIC image'],
  [0, '%PDF', 'a PDF document'],
  [0, 'PAR1', 'a Parquet file'],
  [0, 'SQLite format 3', 'a SQLite database'],
  [0, '\x89HDF', 'an HDF5 file'],
];

/**
 * The format of a file that is not JSON; undefined if it is not known.
 * @param bytes the first bytes of the file; 512 are enough
 */
export function formatOfBytes(bytes: Uint8Array): FileFormat | undefined {
  const latin1 = Buffer.from(bytes.subarray(0, HEAD_BYTES)).toString('latin1');
  const find = (signatures: readonly Signature[]) =>
    signatures.find(([offset, text]) => latin1.startsWith(text, offset))?.[2];
  const archive = find(ARCHIVES);
  if (archive !== undefined) return { name: archive, kind: 'archive' };
  const other = find(OTHERS);
  if (other !== undefined) return { name: other, kind: 'other' };
  const text = new TextDecoder().decode(bytes.subarray(0, HEAD_BYTES)).trimStart();
  if (text.startsWith('version https://git-lfs')) {
    return {
      ...{ name: 'a Git LFS pointer', kind: 'download' },
      advice: 'Run `git lfs pull`, then zip the files that it fetches.',
    };
  }
  if (/^<(!doctype|html)/i.test(text) || /^<\?xml[^>]*>\s*<(!doctype )?html/i.test(text)) {
    return {
      ...{ name: 'a web page', kind: 'download' },
      advice: 'The download failed or needs a login. Download the dataset again.',
    };
  }
  return /^<\?xml/i.test(text) ? { name: 'an XML file', kind: 'other' } : undefined;
}

const HEAD_BYTES = 512;
