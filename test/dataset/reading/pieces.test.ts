import { describe, expect, it } from '@jest/globals';
import { DatasetError } from '../../../src/dataset/model/errors.js';
import type { ByteChunks, JsonFile } from '../../../src/dataset/reading/json-file.js';
import { mergeCoco } from '../../../src/dataset/reading/merge.js';
import { drive } from '../../../src/pipeline/drive.js';
import { annotation, entry, image } from './coco-export.js';

const IMAGES = [image(1, 'a.jpg'), image('12345678901234567890', 'sub/ü \\"日本\\" 😀.jpg')];
const CATEGORIES = [
  { id: 1, name: 'no"du\\le' },
  { id: 2, name: 'Größe 日本 😀' },
];
const ANNOTATIONS = [
  annotation(1, { bbox: [1.5, 2, 3e1, -0.4e-2], segmentation: [[1, 2, 31, 2, 31, 42, 1, 42]] }),
  annotation('12345678901234567890', { category_id: 2, note: '}],"\\" \\\\' }),
  annotation(7),
];
const PATHS = ['a.jpg', 'sub/ü "日本" 😀.jpg'];
const LISTS = { images: IMAGES, info: { x: [[], {}, null, true] }, categories: CATEGORIES };
const TEXT = JSON.stringify({ ...LISTS, annotations: ANNOTATIONS }, null, 1)
  .replace('"12345678901234567890"', '12345678901234567890')
  .replace('"info": {', '"info": { "nan": NaN,');

/** A file that comes in pieces of `size` bytes, each of them later. */
function inPieces(bytes: Buffer, size: number): JsonFile {
  return {
    path: 'c.json',
    open: (): ByteChunks => {
      let at = 0;
      return {
        next: async () => {
          const piece = at < bytes.length ? bytes.subarray(at, at + size) : undefined;
          at += size;
          return piece;
        },
        close: () => undefined,
      };
    },
  };
}

/** The dataset, or the refusal, as JSON. */
async function outcome(bytes: Buffer, size: number): Promise<string> {
  const entries = [...PATHS, 'c.json'].map(entry);
  try {
    const merged = await drive(mergeCoco([inPieces(bytes, size)], entries, { keepCrowd: false }));
    return JSON.stringify(merged);
  } catch (error) {
    if (!(error instanceof DatasetError)) throw error;
    return JSON.stringify([error.type, error.message, error.details]);
  }
}

const SIZES = [1, 2, 3, 5, 7, 64, 257];
const utf16 = (text: string) => Buffer.from(text, 'utf16le');

describe('a COCO file in pieces', () => {
  it.each<[string, Buffer]>([
    ['UTF-8', Buffer.from(TEXT)],
    ['UTF-8 with a byte order mark', Buffer.from(`\ufeff${TEXT}`)],
    ['UTF-16 with a byte order mark', utf16(`\ufeff${TEXT}`)],
    ['UTF-16 without a byte order mark', utf16(TEXT)],
    ['annotations before the images', Buffer.from(JSON.stringify({ annotations: ANNOTATIONS, ...LISTS }))],
    [
      'objects by id',
      Buffer.from(JSON.stringify({ ...LISTS, images: { 1: IMAGES[0] }, annotations: { 5: annotation(1) } })),
    ],
    ['no annotations', Buffer.from(JSON.stringify({ ...LISTS, annotations: null }))],
    ['a list that holds the object', Buffer.from(`[${TEXT}]`)],
    ['other JSON', Buffer.from('{"a":[1,{"b":"]"}],"images":{"x":1},"annotations":[]}')],
    ['a text that does not end', Buffer.from(TEXT.slice(0, -40))],
    ['a record that is not JSON', Buffer.from(TEXT.replace('"iscrowd": 0', '"iscrowd": 0x'))],
    ['an image record that is not JSON', Buffer.from(TEXT.replace('"width": 100', '"width": 100 5'))],
    ['a second list', Buffer.from(TEXT.replace('"info"', '"categories": [], "info"'))],
    ['content after its end', Buffer.from(`${TEXT} x`)],
    ['a second line', Buffer.from(`${TEXT}\n{}`)],
    ['text before it', Buffer.from(`// made by hand\n${TEXT}`)],
    ['Windows-1252', Buffer.from(TEXT, 'latin1')],
    ['half a character at its end', Buffer.concat([Buffer.from(TEXT), Buffer.from([0xe6, 0x97])])],
  ])('has the result that it has as a whole, whatever the size of the pieces: %s', async (_what, bytes) => {
    const whole = await outcome(bytes, bytes.length);
    for (const size of SIZES) expect(await outcome(bytes, size)).toBe(whole);
  });

  it('has the result that it has as a whole if it is cut anywhere', async () => {
    const bytes = Buffer.from(TEXT);
    const whole = await outcome(bytes, bytes.length);
    expect(whole).toContain('no\\"du\\\\le');
    for (let size = 1; size < bytes.length; size++) expect(await outcome(bytes, size)).toBe(whole);
  });

  it('is closed if reading it is aborted', async () => {
    const aborter = new AbortController();
    let opened = 0;
    const file = inPieces(Buffer.from(TEXT), 10);
    const counted: JsonFile = {
      ...file,
      open: () => {
        opened += 1;
        const { next } = file.open();
        return {
          next: () => {
            aborter.abort(new Error('stopped'));
            return next();
          },
          close: () => {
            opened -= 1;
          },
        };
      },
    };
    const reading = mergeCoco([counted], PATHS.map(entry), { keepCrowd: false });
    await expect(drive(reading, aborter.signal)).rejects.toThrow('stopped');
    expect(opened).toBe(0);
  });
});
