// Writes a Ground Truth manifest of the images of a ZIP, as if they were in the bucket under the same paths.
//   node examples/manifest.mjs my.zip my-bucket > train.manifest
import { openCocoArchive } from 'curator/coco';
import { writeManifest } from 'curator/ground-truth';
import { readArguments } from './arguments.mjs';

const [zip, bucket] = readArguments('manifest.mjs <my.zip> <bucket>');
const { images, close } = await openCocoArchive(zip);
await close();
const sized = images.filter(({ width, height }) => width && height);
const listed = sized.map(({ path, width, height, boxes }) => {
  const whole = boxes.map(({ label, x, y, width: w, height: h }) => {
    const [left, top] = [Math.max(0, Math.round(x)), Math.max(0, Math.round(y))];
    return {
      ...{ label, left, top },
      width: Math.min(width, Math.round(x + w)) - left,
      height: Math.min(height, Math.round(y + h)) - top,
    };
  });
  return { uri: `s3://${bucket}/${path}`, width, height, boxes: whole };
});
process.stdout.write(writeManifest(listed, { jobName: 'example', creationDate: '2026-01-05T09:00:00' }));
