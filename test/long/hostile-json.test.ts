import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { zipBytes } from '../support/zip-bytes.js';

const CLI = fileURLToPath(new URL('../../bin/curator.js', import.meta.url));
const MAX_SECONDS = 30;
const MAX_MB = 600;

/** Runs a command, and prints the seconds and the peak memory in MB of the largest process that it started. */
const MEASURE = `
import resource, subprocess, sys, time
start = time.time()
done = subprocess.run(sys.argv[1:], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
print(time.time() - start, peak)
sys.stdout.flush()
sys.stdout.buffer.write(done.stdout)
`;

const IMAGES = '[{"id":1,"file_name":"a.jpg","width":100,"height":80}]';
const CATEGORIES = '[{"id":1,"name":"bolt"}]';
const BOX = '{"id":1,"image_id":1,"category_id":1,"bbox":[1,2,30,40]}';

/** Text that deflates to half, so that the archive stays below the maximum ratio. */
function noise(bytes: number): Buffer {
  const words = new Uint32Array(bytes / 8);
  for (let i = 0, state = 1; i < words.length; i++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    words[i] = state;
  }
  return Buffer.from(Buffer.from(words.buffer).toString('hex'));
}

/** A COCO file of which one list has `count` further records. */
function filled(list: 'images' | 'annotations' | 'categories', record: string, count: number): Buffer {
  const lists = { images: IMAGES, annotations: `[${BOX}]`, categories: CATEGORIES };
  const block = Buffer.from(`,${record}`.repeat(1_000));
  const parts = [
    Buffer.from('{"info":"'),
    noise(Math.ceil((block.length * count) / 1_000 / 70 / 8) * 8),
    Buffer.from('"'),
  ];
  for (const [name, own] of Object.entries(lists)) {
    parts.push(Buffer.from(`,"${name}":${own.slice(0, -1)}`));
    if (name === list) for (let i = 0; i < count; i += 1_000) parts.push(block);
    parts.push(Buffer.from(']'));
  }
  return Buffer.concat([...parts, Buffer.from('}')]);
}

/** A COCO file with another member of this text. */
const withMember = (text: Buffer) =>
  Buffer.concat([
    Buffer.from(`{"images":${IMAGES},"annotations":[${BOX}],"categories":${CATEGORIES},"n":"`),
    noise(Math.ceil(text.length / 70 / 8) * 8),
    Buffer.from('","x":'),
    text,
    Buffer.from('}'),
  ]);

describe('small archives whose JSON is large', () => {
  let home: string;
  beforeAll(() => {
    home = mkdtempSync(join(tmpdir(), 'curator-hostile-'));
  });
  afterAll(() => rmSync(home, { recursive: true, force: true }));

  async function checked(json: Buffer) {
    const zip = join(home, 'a.zip');
    writeFileSync(
      zip,
      zipBytes([{ name: '_annotations.coco.json', data: json, deflate: true }, { name: 'a.jpg' }]),
    );
    const { stdout } = await promisify(execFile)(
      'python3',
      ['-c', MEASURE, process.execPath, CLI, 'check', zip, '--json'],
      { maxBuffer: 64 * 1024 * 1024 },
    );
    const [figures = '', ...output] = stdout.split('\n');
    const [seconds = 0, megabytes = 0] = figures.split(' ').map(Number);
    process.stdout.write(`${seconds.toFixed(1)} s, ${Math.round(megabytes)} MB\n`);
    return { seconds, megabytes, output: output.join('\n') };
  }

  it.each<[string, () => Buffer, RegExp]>([
    [
      '60 million empty image records',
      () => filled('images', '{}', 60_000_000),
      /more than 1000000 image records/,
    ],
    ['five million boxes on one image', () => filled('annotations', BOX, 5_000_000), /more than 50000 boxes/],
    [
      '60 million annotations of no image',
      () => filled('annotations', '{"image_id":9}', 60_000_000),
      /more than 5000000 annotations/,
    ],
    [
      'millions of categories',
      () => filled('categories', '{"id":1,"name":"bolt"}', 8_000_000),
      /more than 100000 categories/,
    ],
    [
      'a list of 250 million numbers',
      () => withMember(Buffer.from(`[0${',0'.repeat(250_000_000)}]`)),
      /1 unsupported-format/,
    ],
    [
      'a text of 500 MB',
      () => withMember(Buffer.from(`"${'x'.repeat(500_000_000)}"`)),
      /1 unsupported-format/,
    ],
    [
      '500 MB of spaces',
      () => withMember(Buffer.concat([Buffer.alloc(500_000_000, 0x20), Buffer.from('1')])),
      /1 unsupported-format/,
    ],
  ])('are checked in bounded time and memory: %s', async (_what, json, message) => {
    const { seconds, megabytes, output } = await checked(json());
    expect(output).toMatch(message);
    expect(seconds).toBeLessThan(MAX_SECONDS);
    expect(megabytes).toBeLessThan(MAX_MB);
  });
});
