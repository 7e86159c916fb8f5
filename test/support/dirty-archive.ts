import sharp from 'sharp';
import { picture, zipOf } from './archives.js';

export const HOSTILE_CLASS = `<img src=x onerror="alert('1')">&amp;`;
export const HOSTILE_FILE = `it's "quoted" <b>bold</b>.jpg`;
/** Position of the red square in `train/marker.jpg`, which is otherwise grey. */
export const MARKER = { left: 420, top: 310, width: 30, height: 24 } as const;
const MARKED = { width: 800, height: 600 } as const;

interface Drawn {
  readonly name: string;
  readonly bytes: Buffer;
  readonly size?: readonly [width: number, height: number];
  readonly boxes: readonly (readonly [label: string, ...bbox: number[]])[];
}

/** Creates an archive in Roboflow's layout with a case for each section of a report. */
export async function dirtyArchive(): Promise<Buffer> {
  const plain = await Promise.all(
    Array.from({ length: 12 }, async (_, n): Promise<Drawn> => {
      const label = n % 2 === 0 ? 'spot' : HOSTILE_CLASS;
      return { name: `photo${n}.jpg`, bytes: await picture(n), boxes: [[label, 10, 12, 40, 30]] };
    }),
  );
  const quarter = await sharp(await picture(0))
    .rotate(90)
    .jpeg()
    .toBuffer();
  const turned = await sharp(await picture(77, 96, 96))
    .withMetadata({ orientation: 3 })
    .jpeg()
    .toBuffer();
  const train: Drawn[] = [
    ...plain,
    { name: 'spot.jpg', bytes: await picture(50), boxes: [['spot', 5, 5, 30, 30]] },
    {
      name: 'marker.jpg',
      bytes: await markedPicture(),
      size: [800, 600],
      boxes: [['marker', 420, 310, 30, 24]],
    },
    { name: 'marker2.jpg', bytes: await picture(51), boxes: [['marker', 30, 20, 40, 40]] },
    {
      name: 'tiny.jpg',
      bytes: await picture(52),
      boxes: [
        ['spot', 60, 50, 3, 3],
        ['spot', 5, 5, 30, 30],
      ],
    },
    { name: HOSTILE_FILE, bytes: await picture(53), boxes: [] },
    { name: 'half.jpg', bytes: (await picture(54)).subarray(0, 2000), boxes: [['spot', 5, 5, 30, 30]] },
    { name: 'square.jpg', bytes: turned, size: [96, 96], boxes: [['spot', 4, 4, 30, 20]] },
    {
      name: 'rare.jpg',
      bytes: await picture(55),
      boxes: [
        ['rare', 5, 5, 30, 30],
        ['spot', 50, 40, 30, 30],
      ],
    },
    { name: 'nowhere.jpg', bytes: Buffer.alloc(0), boxes: [['spot', 5, 5, 30, 30]] },
  ];
  const valid: Drawn[] = [
    { name: 'other.jpg', bytes: quarter, size: [80, 96], boxes: [[HOSTILE_CLASS, 8, 8, 30, 40]] },
  ];
  return await zipOf({ ...split('train', train), ...split('valid', valid) });
}

function split(folder: string, images: readonly Drawn[]): Record<string, string | Buffer> {
  const labels = [...new Set(images.flatMap(({ boxes }) => boxes.map(([label]) => label)))];
  const coco = {
    images: images.map(({ name, size: [width, height] = [96, 80] }, id) => ({
      id,
      file_name: name,
      width,
      height,
    })),
    annotations: images.flatMap(({ boxes }, image) =>
      boxes.map(([label, ...bbox]) => ({ image_id: image, category_id: labels.indexOf(label) + 1, bbox })),
    ),
    categories: labels.map((name, index) => ({ id: index + 1, name })),
  };
  const files = images
    .filter(({ bytes }) => bytes.length > 0)
    .map(({ name, bytes }) => [`${folder}/${name}`, bytes]);
  const annotations = coco.annotations.map((annotation, id) => ({ id, ...annotation }));
  return {
    [`${folder}/_annotations.coco.json`]: JSON.stringify({ ...coco, annotations }),
    ...Object.fromEntries(files),
  };
}

async function markedPicture(): Promise<Buffer> {
  const red = {
    create: { width: MARKER.width, height: MARKER.height, channels: 3 as const, background: '#e00000' },
  };
  const square = await sharp(red).png().toBuffer();
  return await sharp({ create: { ...MARKED, channels: 3, background: '#808080' } })
    .composite([{ input: square, left: MARKER.left, top: MARKER.top }])
    .jpeg({ quality: 95 })
    .toBuffer();
}
