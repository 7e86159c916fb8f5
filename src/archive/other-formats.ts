import { EXPORT_FROM_TOOLS, isLabelStudioJson } from '../dataset/model/other-formats.js';
import { JOIN_PARTS } from './split-archives.js';

const EXPORT_ADVICE = `Upload a ZIP with the images and their COCO JSON. ${EXPORT_FROM_TOOLS}`;

const MAGIC: readonly (readonly [offset: number, bytes: string, format: string])[] = [
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

const ARCHIVES: readonly (readonly [offset: number, bytes: string, format: string])[] = [
  [0, '\x1f\x8b', 'a gzip archive (.gz, .tar.gz)'],
  [257, 'ustar', 'a tar archive'],
  [0, "7z\xbc\xaf'\x1c", 'a 7-Zip archive'],
  [0, 'Rar!', 'a RAR archive'],
  [0, '\xfd7zXZ', 'an xz archive'],
  [0, 'BZh', 'a bzip2 archive'],
  [0, '\x28\xb5\x2f\xfd', 'a Zstandard archive'],
];

/** Describes the format of a file that is not a ZIP and what to do; undefined if the format is unknown. */
export function describeFormat(head: Buffer): string | undefined {
  const startsWith = ([offset, bytes]: readonly [number, string, string]) =>
    head.subarray(offset, offset + bytes.length).toString('latin1') === bytes;
  const archive = ARCHIVES.find(startsWith);
  if (archive) return `${archive[2]}, not a ZIP file. Unpack it and zip its contents.`;
  const other = MAGIC.find(startsWith);
  if (other) return `${other[2]}, not a ZIP file. ${EXPORT_ADVICE}`;
  const signature = head.subarray(0, 4).toString('latin1');
  // The first part of a split archive has a marker of its own (APPNOTE.TXT 8.5.3), unless a tool cut the file as it is.
  if (signature === 'PK\x07\x08') return `the first part of a split ZIP archive. ${JOIN_PARTS}`;
  if (signature === 'PK\x03\x04') {
    return `an incomplete ZIP file: the upload or download was cut off, or it is the first part of a split archive. Upload it again. If there are other parts: ${JOIN_PARTS}`;
  }
  const text = head
    .toString('utf8')
    .replace(/^\ufeff/, '')
    .trimStart();
  if (text.startsWith('version https://git-lfs')) {
    return 'a Git LFS pointer, not a ZIP file. Run `git lfs pull` and upload the file that it fetches.';
  }
  if (/^<(!doctype|html|\?xml)/i.test(text)) {
    const isPage = !/^<\?xml/i.test(text) || /<html/i.test(text);
    return isPage
      ? 'a web page, not a ZIP file: the download failed or needs a login. Download the dataset again.'
      : `an XML file, not a ZIP file. ${EXPORT_ADVICE}`;
  }
  if (/^[[{]/.test(text)) return `${describeJson(text)} ${EXPORT_ADVICE}`;
  return undefined;
}

function describeJson(text: string): string {
  if (isLabelStudioJson(text)) {
    return 'a Label Studio JSON export, not a ZIP file.';
  }
  if (/"(?:images|annotations|categories|licenses)"\s*:/.test(text)) {
    return 'a COCO JSON without its images, not a ZIP file. Zip it together with the images.';
  }
  return 'a JSON file, not a ZIP file.';
}
