import { readEntry } from '../../../src/archive/entries.js';
import type { ByteSource } from '../../../src/archive/source.js';
import type { Assessment, ReadArchive } from '../../../src/check/examine.js';
import type { DatasetSettings } from '../../../src/dataset/model/settings.js';
import type { CuratedImage, LabelledImage } from '../../../src/dataset/model/types.js';
import { byCodePoint } from '../../../src/lib/order.js';
import type { ShownBox, ShownPicture } from './messages.js';
import { pictureOf } from './preprocess-image.js';

const PICTURES = 12;

/** A usable image with its curated boxes, or those of the COCO files. */
export type Choice = Omit<ShownPicture, 'blob'>;

/** The images that can be shown, and how to read one; undefined for an image that preprocessing did not write. */
export interface Album {
  readonly choices: readonly Choice[];
  readonly read: (choice: Pick<Choice, 'path'>) => Promise<Blob | undefined>;
}

export function albumOf(
  source: ByteSource,
  { batches, records }: ReadArchive,
  { curation }: Assessment,
  settings: DatasetSettings,
): Album {
  const entryOf = new Map(batches.flatMap(({ images }) => images).map(({ entry }) => [entry.path, entry]));
  const usable = records.filter(({ result }) => result.status === 'preprocessed').map(({ image }) => image);
  const outputOf = new Map(
    records.flatMap(({ result }) =>
      result.status === 'preprocessed' ? [[result.path, result.output] as const] : [],
    ),
  );
  return {
    choices: curation
      ? [...curation.train, ...curation.val].map(asCurated)
      : usable.flatMap((image) => asLabelled(image)),
    read: async ({ path }) => {
      const [entry, output] = [entryOf.get(path), outputOf.get(path)];
      if (!entry || !output) return undefined;
      const bytes = new Uint8Array(await readEntry(source, entry));
      return await pictureOf(Buffer.from(bytes.buffer), output, settings);
    },
  };
}

/** Chooses 12 pictures that show every class if 12 are enough. */
export async function choosePictures({ choices, read }: Album): Promise<ShownPicture[]> {
  const pictures: ShownPicture[] = [];
  for (const choice of acrossClasses(choices)) {
    const blob = await read(choice);
    if (blob) pictures.push({ ...choice, blob });
  }
  return pictures;
}

function asCurated({ path, size, boxes }: CuratedImage): Choice {
  return { path, ...size, boxes };
}

function asLabelled({ path, width, height, boxes }: LabelledImage): Choice[] {
  if (width === null || height === null) return [];
  const shown = boxes.map((box): ShownBox => ({ ...box, left: box.x, top: box.y }));
  return [{ path, width, height, boxes: shown }];
}

/** One picture per class in turn, from positions spread over the archive: neighbouring files are often similar. */
function acrossClasses(choices: readonly Choice[]): Choice[] {
  const chosen = new Set<Choice>();
  const labels = [...new Set(choices.flatMap(({ boxes }) => boxes.map(({ label }) => label)))].sort(
    byCodePoint,
  );
  const withLabel = labels.map((label) =>
    choices.filter(({ boxes }) => boxes.some((box) => box.label === label)),
  );
  for (let round = 0; round < PICTURES && chosen.size < PICTURES; round++) {
    for (const images of withLabel) {
      const image = images[Math.floor((images.length * round) / PICTURES)];
      if (image && chosen.size < PICTURES) chosen.add(image);
    }
  }
  return [...chosen];
}
