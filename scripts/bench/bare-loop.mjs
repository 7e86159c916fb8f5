// The work of preprocessing as the shortest program that does it, for comparison: windows of 8 MB of the archive, unpack,
// check the CRC, decode, resize, encode, and put the original and the result.
import { promisify } from 'node:util';
import { crc32, inflateRaw } from 'node:zlib';
import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import sharp from 'sharp';

const WINDOW_BYTES = 8 * 1024 * 1024;
const LOCAL_HEADER_BYTES = 30;
const EXTRA_BYTES = 64;
const IMAGES_AT_ONCE = 4;
const inflate = promisify(inflateRaw);

/** Options with which Curator encodes JPEG. */
export const OUR_JPEG = { quality: 92, chromaSubsampling: '4:4:4' };

/**
 * Preprocesses all entries in two parts at once, each with four images at once.
 * @param s3 an S3Client
 * @param archive `{ bucket, key, bytes }`
 * @param entries the images of the archive
 * @param prefix where the objects are put
 * @param jpeg options of sharp's encoder
 */
export async function bareLoop(s3, archive, entries, prefix, jpeg) {
  const sorted = entries.toSorted((a, b) => a.offset - b.offset);
  const half = Math.ceil(sorted.length / 2);
  const parts = [sorted.slice(0, half), sorted.slice(half)];
  await Promise.all(
    parts.map(async (part) => {
      for (const window of windowsOf(part, archive.bytes)) {
        await processWindow(s3, archive, window, prefix, jpeg);
      }
    }),
  );
}

function windowsOf(entries, bytes) {
  const windows = [];
  for (const entry of entries) {
    const end = Math.min(
      bytes,
      entry.offset + LOCAL_HEADER_BYTES + Buffer.byteLength(entry.path) + EXTRA_BYTES + entry.compressedSize,
    );
    const last = windows.at(-1);
    if (last && end - last.start <= WINDOW_BYTES) {
      last.end = end;
      last.entries.push(entry);
    } else {
      windows.push({ start: entry.offset, end, entries: [entry] });
    }
  }
  return windows;
}

async function processWindow(s3, { bucket, key }, { start, end, entries }, prefix, jpeg) {
  const range = `bytes=${start}-${end - 1}`;
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key, Range: range }));
  const bytes = Buffer.from(await Body.transformToByteArray());
  const put = (name, data) => s3.send(new PutObjectCommand({ Bucket: bucket, Key: name, Body: data }));
  const waiting = [...entries];
  const lane = async () => {
    for (let entry = waiting.shift(); entry; entry = waiting.shift()) {
      const file = await unpack(entry, bytes.subarray(entry.offset - start));
      const [image] = await Promise.all([
        sharp(file)
          .autoOrient()
          .resize({ width: 1280, height: 1280, fit: 'inside', withoutEnlargement: true })
          .jpeg(jpeg)
          .toBuffer(),
        put(`${prefix}/raw/${entry.path}`, file),
      ]);
      await put(`${prefix}/images/${entry.path}`, image);
    }
  };
  await Promise.all(Array.from({ length: IMAGES_AT_ONCE }, lane));
}

async function unpack(entry, header) {
  const from = LOCAL_HEADER_BYTES + header.readUInt16LE(26) + header.readUInt16LE(28);
  const data = header.subarray(from, from + entry.compressedSize);
  const file = entry.method === 0 ? data : await inflate(data);
  if (crc32(file) !== entry.crc32) throw new Error(`${entry.path} is damaged.`);
  return file;
}
