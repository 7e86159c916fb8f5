import { describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { bufferSource } from '../../../src/archive/source.js';
import { examineArchive } from '../../../src/check/examine.js';
import { boxReadings } from '../../../src/dataset/boxes/exif.js';
import { type DatasetSettings, DEFAULT_DATASET_SETTINGS } from '../../../src/dataset/model/settings.js';
import type { ExifOrientation, Size } from '../../../src/dataset/model/types.js';
import { preprocessImage } from '../../../src/images/preprocess.js';
import { marked } from '../../images/pictures.js';
import { zipOf } from '../../support/archives.js';
import { boxOf, type Drawn, drawn } from '../curating/images.js';

const MARKER = 24;
const STORED: Size = { width: 200, height: 120 };
const COUNT = 16;
/** Encoders blur the edges of the marker by this many pixels. */
const BLUR = 3;
type Format = 'jpeg' | 'png' | 'webp' | 'tiff';
type Bbox = [number, number, number, number];

/** A picture with a red marker, and the marker's box in the image as stored and as EXIF rotates it. */
interface Marked {
  readonly name: string;
  readonly bytes: Buffer;
  readonly orientation: ExifOrientation;
  readonly stored: { readonly size: Size; readonly bbox: Bbox };
  readonly turned: { readonly size: Size; readonly bbox: Bbox };
}

/** Markers that move over the whole image, or stay in its middle. */
async function markedPicture(
  i: number,
  orientation: ExifOrientation,
  { format = 'png' as Format, size = STORED, isCentral = false },
): Promise<Marked> {
  const room = { x: size.width - MARKER, y: size.height - MARKER };
  const at = isCentral
    ? { x: room.x / 2 + (i % 5), y: room.y / 2 - (i % 7) }
    : { x: Math.round(room.x * ((i * 0.37) % 1)), y: Math.round(room.y * ((i * 0.61) % 1)) };
  const centre = { x: at.x + MARKER / 2, y: at.y + MARKER / 2 };
  const upright = await marked(size.width, size.height, centre, MARKER).png().toBuffer();
  const bytes = await sharp(upright)
    .withMetadata({ orientation })
    .toFormat(format, { quality: 95 })
    .toBuffer();
  const shown = await sharp(bytes).autoOrient().png().toBuffer();
  return {
    name: `photo${String(i).padStart(3, '0')}.${format}`,
    ...{ bytes, orientation },
    stored: await findMarker(upright),
    turned: await findMarker(shown),
  };
}

/** The marker's box, measured in the pixels, so that the tests do not depend on the code that they test. */
async function findMarker(bytes: Buffer): Promise<{ size: Size; bbox: Bbox }> {
  const { data, info } = await sharp(bytes).raw().toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  let [left, top, right, bottom] = [width, height, 0, 0];
  for (let y = 0, at = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1, at += channels) {
      if ((data[at] ?? 0) - (data[at + 1] ?? 0) < 60) continue;
      if (x < left) left = x;
      if (y < top) top = y;
      if (x + 1 > right) right = x + 1;
      if (y + 1 > bottom) bottom = y + 1;
    }
  }
  return { size: { width, height }, bbox: [left, top, right - left, bottom - top] };
}

type Reading = 'stored' | 'turned';

/**
 * An archive whose boxes and sizes refer to the stored or to the rotated image; without sizes if `sizes` is `none`.
 * @param scale of the copy of the images that was labelled
 */
async function archive(
  pictures: readonly Marked[],
  boxes: (i: number) => Reading,
  sizes: Reading | 'none' = 'none',
  scale = 1,
): Promise<Buffer> {
  const sizeOf = ({ width, height }: Size) => ({ width: width * scale, height: height * scale });
  const images = pictures.map((one, i) => ({
    ...{ id: i + 1, file_name: one.name },
    ...(sizes === 'none' ? {} : sizeOf(one[sizes].size)),
  }));
  const annotations = pictures.map((one, i) => ({
    ...{ id: i + 1, image_id: i + 1, category_id: 1 },
    bbox: one[boxes(i)].bbox.map((value) => value * scale),
  }));
  const coco = JSON.stringify({ images, annotations, categories: [{ id: 1, name: 'marker' }] });
  const files = Object.fromEntries(pictures.map(({ name, bytes }) => [name, bytes]));
  return await zipOf({ 'annotations.json': coco, ...files });
}

const pictures = async (
  orientationOf: (i: number) => ExifOrientation,
  options: Parameters<typeof markedPicture>[2] = {},
) => await Promise.all(Array.from({ length: COUNT }, (_, i) => markedPicture(i, orientationOf(i), options)));

async function examine(zip: Buffer, changed: Partial<DatasetSettings> = {}) {
  const settings = { ...DEFAULT_DATASET_SETTINGS, minClassImages: 2, ...changed };
  return await examineArchive(bufferSource(zip), { dataset: 'd', settings, onProgress: () => undefined });
}

/** Names of the pictures whose box does not lie on the red pixels of the preprocessed image. */
async function misplaced(used: readonly Marked[], zip: Buffer, changed: Partial<DatasetSettings> = {}) {
  const { curation } = await examine(zip, changed);
  const curated = new Map(
    [...(curation?.train ?? []), ...(curation?.val ?? [])].map((one) => [one.path, one]),
  );
  const wrong: string[] = [];
  for (const { name, bytes } of used) {
    const prepared = await preprocessImage(bytes, DEFAULT_DATASET_SETTINGS);
    if ('reason' in prepared) throw new Error(prepared.message);
    const { bbox } = await findMarker(prepared.body);
    const [box] = curated.get(name)?.boxes ?? [];
    const produced = box ? [box.left, box.top, box.width, box.height] : [];
    if (!bbox.every((value, i) => Math.abs(value - (produced[i] ?? -99)) <= BLUR)) wrong.push(name);
  }
  return wrong;
}

async function findingsOf(zip: Buffer) {
  const { result } = await examine(zip);
  return result.findings
    .filter(({ code }) => /^(EXIF|SIZE|BOXES_(?!WHOLE))/.test(code))
    .map(({ code, count }) => `${code} ${count}`);
}

const all = (reading: Reading) => () => reading;

describe('boxes in pixels of the stored image', () => {
  it.each([5, 6, 7, 8] as const)(
    'boxes that fit only the stored image are read as stored, with a warning, if EXIF orientation %i rotates images without COCO sizes',
    async (orientation) => {
      const used = await pictures(() => orientation);
      const zip = await archive(used, all('stored'));
      expect(await misplaced(used, zip)).toEqual([]);
      expect(await findingsOf(zip)).toEqual([`EXIF_BOXES_STORED ${COUNT}`]);
    },
  );

  it.each([5, 6, 7, 8] as const)(
    'boxes that fit only the stored image are read as stored, with a warning, if EXIF orientation %i rotates images and COCO sizes are those of the rotated images',
    async (orientation) => {
      const used = await pictures(() => orientation);
      const zip = await archive(used, all('stored'), 'turned');
      expect(await misplaced(used, zip)).toEqual([]);
      expect(await findingsOf(zip)).toEqual([`EXIF_BOXES_STORED ${COUNT}`]);
    },
  );

  it.each<[Format]>([['jpeg'], ['webp'], ['tiff']])(
    'boxes that fit only the stored image are read as stored in %s files',
    async (format) => {
      const used = await pictures(() => 6, { format });
      const zip = await archive(used, all('stored'));
      expect(await misplaced(used, zip)).toEqual([]);
    },
  );

  it('boxes that fit only the stored image are read as stored in portrait images that EXIF turns to landscape', async () => {
    const used = await pictures(() => 8, { size: { width: 120, height: 200 } });
    expect(await misplaced(used, await archive(used, all('stored')))).toEqual([]);
  });

  it.each<[string, (i: number) => ExifOrientation, number]>([
    ['a fourth of the images', (i) => (i % 4 === 0 ? 6 : 1), COUNT / 4],
    ['three images', (i) => (i < 3 ? 8 : 1), 3],
  ])(
    'boxes that fit only the stored image are read as stored beside images without EXIF: %s',
    async (_what, orientationOf, count) => {
      const used = await pictures(orientationOf);
      const zip = await archive(used, all('stored'), 'turned');
      expect(await misplaced(used, zip)).toEqual([]);
      expect(await findingsOf(zip)).toEqual([`EXIF_BOXES_STORED ${count}`]);
    },
  );

  it('mirrored and upside-down images follow the images of their COCO file whose boxes show the reading', async () => {
    const used = await pictures((i) => ([1, 2, 3, 4, 5, 6, 7, 8] as const)[i % 8] ?? 1);
    const zip = await archive(used, all('stored'));
    expect(await misplaced(used, zip)).toEqual([]);
    expect(await findingsOf(zip)).toEqual([`EXIF_BOXES_STORED ${COUNT / 2}`]);
  });

  it('EXIF_BOXES=stored reads boxes in pixels of the stored image if COCO sizes are those of the rotated images', async () => {
    const used = await pictures(() => 6, { isCentral: true });
    const zip = await archive(used, all('stored'), 'turned');
    expect(await misplaced(used, zip, { exifBoxes: 'stored' })).toEqual([]);
  });
});

describe('boxes in pixels of the rotated image', () => {
  it('boxes that fit only the rotated image are read as rotated, without a warning', async () => {
    const used = await pictures((i) => ([1, 2, 3, 4, 5, 6, 7, 8] as const)[i % 8] ?? 1);
    const zip = await archive(used, all('turned'));
    expect(await misplaced(used, zip)).toEqual([]);
    expect(await findingsOf(zip)).toEqual([]);
  });

  it('boxes that fit both the rotated and the stored image are read as rotated, with a warning', async () => {
    const used = await pictures(() => 6, { isCentral: true });
    const zip = await archive(used, all('turned'));
    expect(await misplaced(used, zip)).toEqual([]);
    expect(await findingsOf(zip)).toEqual([`EXIF_BOXES_AMBIGUOUS ${COUNT}`]);
  });
});

describe('boxes of which some fit only the stored and others only the rotated image', () => {
  it('the dataset is refused with both values of EXIF_BOXES, and the report can show both readings', async () => {
    const used = await pictures(() => 6);
    const { result, boxed } = await examine(await archive(used, (i) => (i % 2 === 0 ? 'stored' : 'turned')));
    expect(result.fit).toBe(false);
    expect(result.message).toMatch(
      /^annotations\.json: EXIF rotates images, and the boxes of \d+ of these images fit only the image as stored, those of \d+ only the rotated image\. Set EXIF_BOXES=turned or EXIF_BOXES=stored /,
    );
    expect(boxed?.exif.undecidable).toHaveLength(6);
  });
});

describe('boxes that fit the stored image in the stated scale and the rotated image in full size', () => {
  it('the dataset is refused with both values of EXIF_BOXES, and EXIF_BOXES=stored reads the boxes', async () => {
    const used = await pictures(() => 6);
    const zip = await archive(used, all('stored'), 'turned', 0.5);
    const { result } = await examine(zip);
    expect(result.message).toMatch(
      /^annotations\.json: EXIF rotates images, and their boxes reach beyond the sizes in the COCO file and fit both /,
    );
    expect(await misplaced(used, zip, { exifBoxes: 'stored' })).toEqual([]);
  });
});

describe('boxes that overrun their images whatever EXIF says', () => {
  it('boxes in another convention are named as such, not as EXIF, if images without EXIF have them too', async () => {
    const used = await pictures((i) => (i % 2 === 0 ? 6 : 1));
    const swapped = used.map((one): Marked => {
      const { size, bbox } = one.turned;
      return { ...one, turned: { size, bbox: [bbox[1], bbox[0], bbox[3], bbox[2]] } };
    });
    const { result } = await examine(await archive(swapped, all('turned'), 'turned'));
    const text = result.findings.map(({ code, message }) => `${code} ${message}`).join('\n');
    expect(text).toContain('[top, left, height, width]');
    expect(text).not.toContain('EXIF_BOXES_STORED');
  });
});

describe('boxes of the splits of one export', () => {
  /** Rotated images that state the size of the rotated image, with boxes in pixels of the stored one. */
  const split = (cocoFile: string, count: number, boxAt: (i: number) => number) =>
    Array.from({ length: count }, (_, i) =>
      drawn(`${cocoFile}-${i}.jpg`, [boxOf('acne', { x: boxAt(i), y: 20 + ((i * 31) % 180) })], {
        ...{ cocoFile, orientation: 6, stored: { width: 640, height: 320 } },
      }),
    );
  const readingsOf = (images: readonly Drawn[], cocoFile: string) => {
    const { of: readingOf } = boxReadings(images, 'auto');
    return new Set(images.filter(({ image }) => image.cocoFile === cocoFile).map(readingOf));
  };
  const overAll = (i: number) => (i * 97) % 540;
  const [near, far] = [() => 100, (i: number) => (i === 0 ? 400 : 100)];

  it.each([
    ['no box shows the reading', 'train/_annotations.coco.json', 'valid/_annotations.coco.json', near],
    ['one box fits only the stored image', 'train/coco.json', 'valid/coco.json', far],
    ['the splits lie in one folder', 'coco/instances_Train.json', 'coco/instances_Validation.json', near],
  ])('boxes of a small split are read as those of the large one if %s', (_what, large, small, boxAt) => {
    const valid = split(small, 20, boxAt);
    expect(readingsOf(valid, small)).toEqual(new Set(['turned']));
    expect(readingsOf([...split(large, 30, overAll), ...valid], small)).toEqual(new Set(['stored']));
  });

  it('boxes of a COCO file with another name in another folder are read by its own evidence', () => {
    const train = split('train/coco.json', 30, overAll);
    const other = split('other/labels.json', 20, near);
    expect(readingsOf([...train, ...other], 'other/labels.json')).toEqual(new Set(['turned']));
  });
});
