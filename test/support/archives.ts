import { buffer } from 'node:stream/consumers';
import sharp from 'sharp';
import yazl from 'yazl';

/** A fixed time, so that an archive always has the same bytes. */
const MTIME = new Date('2025-09-14T08:30:12Z');

/** Creates a ZIP of these files, in this order. */
export async function zipOf(
  files: Readonly<Record<string, string | Buffer>>,
  { compress = false } = {},
): Promise<Buffer> {
  const zip = new yazl.ZipFile();
  for (const [path, content] of Object.entries(files)) {
    const bytes = typeof content === 'string' ? Buffer.from(content) : content;
    zip.addBuffer(bytes, path, { mtime: MTIME, mode: 0o100644, compress, forceDosTimestamp: true });
  }
  zip.end();
  return await buffer(zip.outputStream);
}

/** Draws a JPEG whose pixels all depend on the seed, so that no two seeds give copies. */
export async function picture(seed: number, width = 96, height = 80): Promise<Buffer> {
  let state = (seed + 1) * 2_654_435_761;
  const next = () => {
    state = (Math.imul(state ^ (state >>> 15), 2_246_822_519) + 0x9e3779b9) >>> 0;
    return state & 0xff;
  };
  const cells = Buffer.from(Array.from({ length: 8 * 8 * 3 }, next));
  return await sharp(cells, { raw: { width: 8, height: 8, channels: 3 } })
    .resize(width, height, { fit: 'fill', kernel: 'nearest' })
    .jpeg({ quality: 90 })
    .toBuffer();
}

const PLAIN_NAMES = { label: (i: number) => `class-${i}`, stem: (n: number) => `photo${n}_jpg` };

/**
 * Creates an archive in Roboflow's layout. Image n has one box of class n mod `classes`, and every third image also one
 * of the next class. With `scattered`, the position of a box differs in each image, so that it cannot be predicted.
 */
export async function roboflowArchive(
  images: number,
  classes = 2,
  { scattered = false, names = PLAIN_NAMES, others = {} as Readonly<Record<string, Buffer>> } = {},
): Promise<Buffer> {
  const files: Record<string, Buffer> = {};
  const records: object[] = [];
  const annotations: object[] = [];
  for (let n = 0; n < images; n++) {
    const name = `${names.stem(n)}.rf.${n.toString(16).padStart(32, '0')}.jpg`;
    files[`train/${name}`] = await picture(n);
    records.push({ id: n, file_name: name, width: 96, height: 80 });
    const own = n % 3 === 0 ? [n % classes, (n + 1) % classes] : [n % classes];
    for (const label of own) {
      annotations.push({
        id: annotations.length,
        image_id: n,
        category_id: label + 1,
        bbox: scattered ? [(n * 29) % 72, (n * 31 + label * 17) % 56, 24, 24] : [4 + label * 30, 5, 24, 30],
        area: scattered ? 576 : 720,
        iscrowd: 0,
      });
    }
  }
  const categories = [
    { id: 0, name: 'lesions', supercategory: 'none' },
    ...Array.from({ length: classes }, (_, i) => ({
      id: i + 1,
      name: names.label(i),
      supercategory: 'lesions',
    })),
  ];
  const coco = JSON.stringify({ info: {}, images: records, annotations, categories });
  return await zipOf({ 'train/_annotations.coco.json': coco, ...files, ...others });
}
