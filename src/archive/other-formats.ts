import { formatOfBytes } from '../dataset/model/file-formats.js';
import { formatOfJson } from '../dataset/model/json-formats.js';
import { EXPORT_FROM_TOOLS } from '../dataset/model/other-formats.js';
import { formatOfText } from '../dataset/model/text-formats.js';
import { isJsonLines, parseJsonHead } from '../lib/json-head.js';
import { asRecord } from '../lib/json-records.js';
import { utf16Of } from '../lib/utf16.js';
import { JOIN_PARTS } from './split-archives.js';

const UPLOAD_ZIP = `Upload a ZIP with the images and their COCO JSON. ${EXPORT_FROM_TOOLS}`;
const ADD_IMAGES = 'Put it into a ZIP together with the images, and upload that.';

/** Describes the format of a file that is not a ZIP and what to do; undefined if the format is unknown. */
export function describeFormat(head: Buffer): string | undefined {
  if (head.length === 0) return 'empty. Upload it again.';
  const signature = head.subarray(0, 4).toString('latin1');
  // The first part of a split archive has a marker of its own (APPNOTE.TXT 8.5.3), unless a tool cut the file as it is.
  if (signature === 'PK\x07\x08') return `the first part of a split ZIP archive. ${JOIN_PARTS}`;
  if (signature === 'PK\x03\x04') {
    return `an incomplete ZIP file: it was cut off, or it is the first part of a split archive. Upload it again. ${JOIN_PARTS}`;
  }
  const format = formatOfBytes(head);
  if (format) {
    const { name, kind, advice } = format;
    const unpack = kind === 'archive' ? 'Unpack it and zip its contents.' : undefined;
    return `${name}, not a ZIP file. ${advice ?? unpack ?? UPLOAD_ZIP}`;
  }
  const encoding = utf16Of(head);
  if (encoding === undefined && !isText(head)) return undefined;
  return describeText(new TextDecoder(encoding).decode(head));
}

/** Text has no control characters, in UTF-8 and in code pages. */
const isText = (bytes: Buffer) => bytes.every((byte) => byte >= 0x20 || (byte >= 0x08 && byte <= 0x0d));

function describeText(text: string): string {
  const json = parseJsonHead(text);
  const format = json ? formatOfJson(json.value) : formatOfText(text);
  if (format)
    return `${format.name}, not a ZIP file. ${format.toCoco} Then zip the COCO JSON with the images.`;
  if (!json) return `${nameOfText(text)}, not a ZIP file. ${UPLOAD_ZIP}`;
  return isCoco(json.value)
    ? `a COCO JSON without its images, not a ZIP file. ${ADD_IMAGES}`
    : `a ${isJsonLines(json) ? 'JSON Lines' : 'JSON'} file, not a ZIP file. ${UPLOAD_ZIP}`;
}

const COCO_LISTS = ['images', 'annotations', 'categories', 'licenses'];
const isCoco = (value: unknown) =>
  !Array.isArray(value) && COCO_LISTS.some((list) => Object.hasOwn(asRecord(value), list));

function nameOfText(text: string): string {
  const [first = '', second = ''] = text.split(/\r?\n/);
  const commas = first.split(',').length;
  return commas > 2 && second.split(',').length === commas ? 'a CSV file' : 'a text file';
}
