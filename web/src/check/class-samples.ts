import { byCodePoint } from '../../../src/lib/order.js';
import type { ClassSamples, ShownBox } from './messages.js';
import type { Album, Choice } from './pictures.js';

const CROPS_PER_CLASS = 6;
/** Each is decoded, which takes some hundredths of a second. */
const MAX_IMAGES = 120;
/** Pixels of a square crop. */
const CROP_SIDE = 120;
/** Side of a crop relative to the longer side of its box, so that some of the surroundings are visible. */
const ROOM = 1.3;
/** Minimum side of a crop in pixels of the picture: a smaller one would show blur only. */
const MIN_SIDE = 24;

/**
 * Cuts objects of each class out of images that are spread over the archive, classes by name. Images that the browser
 * cannot decode are left out.
 * @param isWanted stops the work once it returns false
 */
export async function cutSamples({ choices, read }: Album, isWanted: () => boolean): Promise<ClassSamples[]> {
  const crops = new Map<string, Blob[]>();
  for (const [choice, labels] of imagesToCut(choices)) {
    if (!isWanted()) break;
    const blob = await read(choice);
    const bitmap = blob && (await createImageBitmap(blob).catch(() => undefined));
    if (!bitmap) continue;
    for (const label of labels) {
      const box = largest(choice.boxes.filter((one) => one.label === label));
      if (box) crops.set(label, [...(crops.get(label) ?? []), await crop(bitmap, choice, box)]);
    }
    bitmap.close();
  }
  return [...crops]
    .map(([label, cut]) => ({ label, crops: cut }))
    .sort((a, b) => byCodePoint(a.label, b.label));
}

/** The images to cut from, each with the classes that it is cut for: one per class in turn. */
function imagesToCut(choices: readonly Choice[]): Map<Choice, Set<string>> {
  const byLabel = new Map<string, Choice[]>();
  for (const choice of choices) {
    for (const label of new Set(choice.boxes.map((box) => box.label))) {
      const images = byLabel.get(label);
      if (images) images.push(choice);
      else byLabel.set(label, [choice]);
    }
  }
  const chosen = new Map<Choice, Set<string>>();
  for (let round = 0; round < CROPS_PER_CLASS; round++) {
    for (const [label, images] of byLabel) {
      const image = images[Math.floor((images.length * round) / CROPS_PER_CLASS)];
      if (!image || (chosen.size >= MAX_IMAGES && !chosen.has(image))) continue;
      chosen.set(image, (chosen.get(image) ?? new Set()).add(label));
    }
  }
  return chosen;
}

/** The largest box shows most. */
const largest = (boxes: readonly ShownBox[]): ShownBox | undefined =>
  [...boxes].sort((a, b) => b.width * b.height - a.width * a.height)[0];

/** A square around the box, whose outline is drawn. Beyond the picture it is transparent. */
async function crop(bitmap: ImageBitmap, picture: Choice, box: ShownBox): Promise<Blob> {
  const side = Math.max(MIN_SIDE, ROOM * Math.max(box.width, box.height));
  const [left, top] = [box.left + box.width / 2 - side / 2, box.top + box.height / 2 - side / 2];
  const canvas = new OffscreenCanvas(CROP_SIDE, CROP_SIDE);
  const context = canvas.getContext('2d');
  if (!context) throw new Error('This browser has no 2D canvas.');
  const scale = CROP_SIDE / side;
  context.drawImage(bitmap, -left * scale, -top * scale, picture.width * scale, picture.height * scale);
  const outline = [
    (box.left - left) * scale,
    (box.top - top) * scale,
    box.width * scale,
    box.height * scale,
  ] as const;
  for (const [colour, width] of [
    ['rgb(0 0 0 / 55%)', 4],
    ['#ffe14d', 2],
  ] as const) {
    context.strokeStyle = colour;
    context.lineWidth = width;
    context.strokeRect(...outline);
  }
  return await canvas.convertToBlob();
}
