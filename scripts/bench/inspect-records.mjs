// Inspects an archive, makes up the results of its images and writes the files that conversion reads, without S3.
//   node inspect-records.mjs records.zip folder
import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileSource } from '../../dist/archive/source.js';
import { imageTag, preprocessedKey } from '../../dist/dataset/model/identity.js';
import { growHeapSlowly } from '../../dist/lib/heap-growth.js';
import { inspect } from '../../dist/pipeline/inspect.js';
import { DATASET, SETTINGS } from './records.mjs';

growHeapSlowly();
const [zip, folder] = process.argv.slice(2);
const before = process.cpuUsage();
const source = await fileSource(zip);
const { plan, batches } = await inspect(source, SETTINGS);
const { user, system } = process.cpuUsage(before);
const peakMb = Math.round(process.resourceUsage().maxRSS / 1024);

await source.close();
await writeFile(join(folder, 'plan.json'), JSON.stringify(plan));
for (const batch of batches) {
  await writeFile(join(folder, `plan-${batch.index}.json`), JSON.stringify(batch));
  await writeFile(join(folder, `result-${batch.index}.json`), JSON.stringify(madeUp(batch)));
}
process.stdout.write(`${JSON.stringify({ inspection: (user + system) / 1e6, peakMb })}\n`);

function madeUp({ index, images }) {
  const size = { width: 1280, height: 960 };
  const results = images.map(({ entry: { path } }) => {
    const sourceSha256 = createHash('sha256').update(path).digest('hex');
    const key = preprocessedKey(DATASET, path, imageTag(sourceSha256, path, SETTINGS), 'jpg');
    const facts = { bytes: 200_000, stored: size, orientation: 1, output: size, untouched: true };
    return { status: 'preprocessed', path, key, sourceSha256, ...facts };
  });
  return { index, images: results };
}
