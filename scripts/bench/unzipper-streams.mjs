// The way of many scripts: the archive as one stream of GetObject through unzipper's parser, each image from memory.
import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import limit from 'p-limit';
import sharp from 'sharp';
import unzipper from 'unzipper';

const IMAGES_AT_ONCE = 4;
const IMAGE = /\.jpg$/u;

/**
 * Puts the original and the resized copy of each image of the archive.
 * @param s3 an S3Client
 * @param archive `{ bucket, key }`
 * @param prefix where the objects are put
 */
export async function unzipperStreams(s3, { bucket, key }, prefix) {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
  const put = (name, data) => s3.send(new PutObjectCommand({ Bucket: bucket, Key: name, Body: data }));
  const atOnce = limit(IMAGES_AT_ONCE);
  const running = new Set();
  for await (const entry of Body.pipe(unzipper.Parse({ forceStream: true }))) {
    if (!IMAGE.test(entry.path)) {
      entry.autodrain();
      continue;
    }
    const file = await entry.buffer();
    const stored = atOnce(() => store(file, entry.path, prefix, put)).finally(() => running.delete(stored));
    running.add(stored);
    if (running.size > IMAGES_AT_ONCE) await Promise.race(running);
  }
  await Promise.all(running);
}

async function store(file, path, prefix, put) {
  const resize = { width: 1280, height: 1280, fit: 'inside', withoutEnlargement: true };
  const [image] = await Promise.all([
    sharp(file).autoOrient().resize(resize).jpeg().toBuffer(),
    put(`${prefix}/raw/${path}`, file),
  ]);
  await put(`${prefix}/images/${path}`, image);
}
