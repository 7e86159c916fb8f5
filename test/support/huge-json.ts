/** COCO files of hundreds of megabytes that deflate to a few. */

const IMAGES = '[{"id":1,"file_name":"a.jpg","width":100,"height":80}]';
const CATEGORIES = '[{"id":1,"name":"bolt"}]';
export const BOX = '{"id":1,"image_id":1,"category_id":1,"bbox":[1,2,30,40]}';

/** Text that deflates to half, so that the archive stays below the maximum ratio. */
function noise(bytes: number): Buffer {
  const words = new Uint32Array(bytes / 8);
  for (let i = 0, state = 1; i < words.length; i++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    words[i] = state;
  }
  return Buffer.from(Buffer.from(words.buffer).toString('hex'));
}

/** Records per piece of a list. */
const PIECE = 1_000;

/** A COCO file of which one list has `count` further records: the same one repeated, or one by its number. */
export function filled(
  list: 'images' | 'annotations' | 'categories',
  record: string | ((n: number) => string),
  count: number,
): Buffer {
  const lists = { images: IMAGES, annotations: `[${BOX}]`, categories: CATEGORIES };
  const pieces = typeof record === 'string' ? repeated(record, count) : numbered(record, count);
  const bytes = pieces.reduce((sum, { length }) => sum + length, 0);
  const parts = [Buffer.from('{"info":"'), noise(Math.ceil(bytes / 70 / 8) * 8), Buffer.from('"')];
  for (const [name, own] of Object.entries(lists)) {
    parts.push(Buffer.from(`,"${name}":${own.slice(0, -1)}`));
    if (name === list) parts.push(...pieces);
    parts.push(Buffer.from(']'));
  }
  return Buffer.concat([...parts, Buffer.from('}')]);
}

/** The same piece often, which needs the memory of one. */
function repeated(record: string, count: number): Buffer[] {
  return Array<Buffer>(Math.ceil(count / PIECE)).fill(Buffer.from(`,${record}`.repeat(PIECE)));
}

function numbered(record: (n: number) => string, count: number): Buffer[] {
  return Array.from({ length: Math.ceil(count / PIECE) }, (_, piece) =>
    Buffer.from(Array.from({ length: PIECE }, (_one, n) => `,${record(piece * PIECE + n)}`).join('')),
  );
}

/** A COCO file with another member of this text. */
export const withMember = (text: Buffer) =>
  Buffer.concat([
    Buffer.from(`{"images":${IMAGES},"annotations":[${BOX}],"categories":${CATEGORIES},"n":"`),
    noise(Math.ceil(text.length / 70 / 8) * 8),
    Buffer.from('","x":'),
    text,
    Buffer.from('}'),
  ]);
