import type { ArchiveEntry, LabelledImage, PlanBatch, PlannedImage } from '../model/types.js';

/** A batch is what a killed worker may lose: at 20 to 40 images a second a few seconds of work. */
const MAX_IMAGES = 128;
const MAX_BYTES = 64 * 1024 * 1024;

/** Images in the order of their bytes in the archive, cut into batches of neighbours. */
export function planBatches(
  images: readonly LabelledImage[],
  entries: readonly ArchiveEntry[],
  { maxImages = MAX_IMAGES, maxBytes = MAX_BYTES } = {},
): PlanBatch[] {
  const entryOf = new Map(entries.map((entry) => [entry.path, entry]));
  const planned = images
    .flatMap((image): PlannedImage[] => {
      const entry = entryOf.get(image.path);
      return entry ? [{ entry, image }] : [];
    })
    .sort((a, b) => a.entry.offset - b.entry.offset);

  const batches: PlannedImage[][] = [];
  let bytes = 0;
  for (const item of planned) {
    const last = batches.at(-1);
    if (last && last.length < maxImages && bytes + item.entry.compressedSize <= maxBytes) {
      last.push(item);
      bytes += item.entry.compressedSize;
    } else {
      batches.push([item]);
      bytes = item.entry.compressedSize;
    }
  }
  return batches.map((batch, index) => ({ index, archiveImages: planned.length, images: batch }));
}
