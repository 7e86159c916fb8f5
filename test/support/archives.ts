import { buffer } from 'node:stream/consumers';
import sharp from 'sharp';
import yazl from 'yazl';

/** A fixed time, so that a made archive is the same each time. */
const MTIME = new Date('2025-09-14T08:30:12Z');

/** A ZIP of these files, in this order. */
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

/** A JPEG that differs with its seed in every part, so that no two are copies. */
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
 * An archive as Roboflow lays it out: each image has one box of each of its classes; the classes take turns.
 * Image n has the classes n mod `classes` and, each third image, the next one too. Scattered boxes lie elsewhere
 * on each image, so that nobody can guess them.
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
