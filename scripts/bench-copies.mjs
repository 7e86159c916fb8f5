// Measures the search for copies among drawn thumbnails: CPU seconds, groups, and the memory that it adds. Without `--kind` all
// kinds are measured.
//   npm run bench:copies -- --pictures 5000
//   npm run bench:copies -- --pictures 250000 --kind unlike
import { createHash } from 'node:crypto';
import { parseArgs } from 'node:util';
import { searchCopies } from '../dist/dataset/copies/find-copies.js';
import { THUMBNAIL_BYTES } from '../dist/dataset/model/thumbnail.js';
import { drawThumbnails, KINDS } from './bench/draw-thumbnails.mjs';

const { values } = parseArgs({
  options: {
    pictures: { type: 'string', default: '5000' },
    kind: { type: 'string', multiple: true, default: KINDS },
  },
});

for (const kind of values.kind)
  process.stdout.write(`${JSON.stringify(measure(kind, Number(values.pictures)))}\n`);

function measure(kind, count) {
  const { thumbnails, contents } = drawThumbnails(kind, count);
  const pictures = contents.map((content, index) => ({
    path: `${index}.jpg`,
    sourceSha256: sha256(content),
  }));
  const view = (index) => thumbnails.subarray(index * THUMBNAIL_BYTES, (index + 1) * THUMBNAIL_BYTES);
  const before = process.cpuUsage();
  const search = searchCopies(pictures, view);
  let step = search.next();
  while (!step.done) step = search.next();
  const { user, system } = process.cpuUsage(before);
  const names = [...step.value.values()];
  return {
    kind,
    pictures: count,
    cpuSeconds: Number(((user + system) / 1e6).toFixed(1)),
    groups: new Set(names).size,
    /** Equal groups have an equal digest. */
    digest: sha256(names.join()).slice(0, 8),
    peakMb: Math.round(process.resourceUsage().maxRSS / 1024),
  };
}

function sha256(text) {
  return createHash('sha256').update(text).digest('hex');
}
