// Reads COCO from a ZIP, finds copies of photos, and splits the images so that no photo is on both sides.
//   node examples/split.mjs my.zip
import { openCocoArchive } from 'curator/coco';
import { fingerprint, groupCopies, splitWithoutLeaks } from 'curator/splitting';
import { readArguments } from './arguments.mjs';

const [zip] = readArguments('split.mjs <my.zip>');
const archive = await openCocoArchive(zip);
const readable = [];
for await (const { image, bytes } of archive.readImages()) {
  const print = bytes && (await fingerprint(bytes));
  if (print && image.boxes.length > 0) readable.push({ ...image, ...print });
}
await archive.close();
const groups = await groupCopies(readable);
const split = splitWithoutLeaks(
  readable.map(({ path, boxes }) => ({
    path,
    labels: boxes.map(({ label }) => label),
    group: groups.get(path),
  })),
  { valSplit: 0.2 },
);
console.log(JSON.stringify({ photos: new Set(groups.values()).size, ...split }, null, 2));
