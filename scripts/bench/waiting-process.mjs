// Stands for a process that preprocesses batches: each image waits 40 ms instead of computing, four at once.
import { setTimeout } from 'node:timers/promises';

const IMAGE_MS = 40;
const IMAGES_AT_ONCE = 4;

process.on('disconnect', () => process.exit());
process.on('message', async ({ job: { batch } }) => {
  for (let i = 0; i < batch.images.length; i += IMAGES_AT_ONCE) {
    await setTimeout(IMAGE_MS);
    for (const _ of batch.images.slice(i, i + IMAGES_AT_ONCE)) process.send({ type: 'image' });
  }
  const processed = { result: { index: batch.index, images: [] }, thumbnails: Buffer.alloc(0) };
  process.send({ type: 'done', processed });
});
