import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { scansJpeg } from '../support/hostile/jpeg.js';
import { blankWebp } from '../support/hostile/other-formats.js';
import { blackPng } from '../support/hostile/png.js';
import { BOX, filled, withMember } from '../support/huge-json.js';
import { type RawEntry, zipBytes } from '../support/zip-bytes.js';

const CLI = fileURLToPath(new URL('../../bin/curator.js', import.meta.url));
/** Of CPU time, which does not depend on what else the machine does. */
const MAX_SECONDS = 30;
const MAX_MB = 600;

/** Runs a command, and prints its CPU time in seconds and the peak memory in MB of the largest process that it started. */
const MEASURE = `
import resource, subprocess, sys
done = subprocess.run(sys.argv[1:], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)
sys.stdout.flush()
sys.stdout.buffer.write(done.stdout)
`;

/** Bytes behind a picture, of which 1 MB is not compressed, as the maximum ratio of an archive requires. */
const FILLED = Buffer.concat([randomBytes(1_000_000), Buffer.alloc(109_000_000)]);

const ACCENTS = '\u0301'.repeat(8_000);

const cocoFile = (data: Buffer): RawEntry => ({ name: '_annotations.coco.json', data, deflate: true });

describe('small archives that are costly to read', () => {
  let home: string;
  beforeAll(() => {
    home = mkdtempSync(join(tmpdir(), 'curator-hostile-'));
  });
  afterAll(() => rmSync(home, { recursive: true, force: true }));

  async function checked(entries: readonly RawEntry[]) {
    const zip = join(home, 'a.zip');
    writeFileSync(zip, zipBytes(entries));
    const { stdout } = await promisify(execFile)(
      'python3',
      ['-c', MEASURE, process.execPath, CLI, 'check', zip, '--json'],
      { maxBuffer: 64 * 1024 * 1024 },
    );
    const [figures = '', ...output] = stdout.split('\n');
    const [seconds = 0, megabytes = 0] = figures.split(' ').map(Number);
    process.stdout.write(`${seconds.toFixed(1)} s of CPU time, ${Math.round(megabytes)} MB\n`);
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
      'one annotation more than the maximum, of no image',
      () => filled('annotations', '{"image_id":9}', 5_000_000),
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
      /1 in a format that is not supported/,
    ],
    [
      'a text of 500 MB',
      () => withMember(Buffer.from(`"${'x'.repeat(500_000_000)}"`)),
      /1 in a format that is not supported/,
    ],
    [
      '500 MB of spaces',
      () => withMember(Buffer.concat([Buffer.alloc(500_000_000, 0x20), Buffer.from('1')])),
      /1 in a format that is not supported/,
    ],
    [
      '500 MB of spaces between the tokens of 40,000 annotations',
      () => filled('annotations', BOX.replaceAll(',', `,${' '.repeat(1_800)}`), 40_000),
      /1 in a format that is not supported/,
    ],
    [
      '2,000 names with 8,000 accents each',
      () => filled('images', (n) => `{"id":${n + 2},"file_name":"abc${ACCENTS}${n}.jpg"}`, 2_000),
      /are not in the archive|seconds of CPU time/,
    ],
    [
      'a million records of one image',
      () => filled('images', '{"id":1,"file_name":"a.jpg","width":100,"height":80}', 999_000),
      /1 in a format that is not supported/,
    ],
    [
      '900,000 records with ids of their own of one image',
      () => filled('images', (n) => `{"id":${n + 2},"file_name":"a.jpg"}`, 900_000),
      /needs more than \d+ MB of memory/,
    ],
  ])('are checked in bounded time and memory: %s', async (_what, json, message) => {
    const { seconds, megabytes, output } = await checked([cocoFile(json()), { name: 'a.jpg' }]);
    expect(output).toMatch(message);
    expect(seconds).toBeLessThan(MAX_SECONDS);
    expect(megabytes).toBeLessThan(MAX_MB);
  });

  it.each<[string, (n: number) => Buffer, string]>([
    [
      '60 pictures that take more than their share of the time for decoding',
      (n) => blackPng(2_800, 2_800 - n, { depth: 16, colour: 6, interlaced: true }),
      '60 too costly to decode',
    ],
    [
      '60 pictures that take just less than their share of the time for decoding',
      (n) => blackPng(2_600, 2_600 - n, { colour: 6, interlaced: true }),
      '60 of 60 images are nearly uniform',
    ],
    [
      '150 pictures that take just less than their share of the time for decoding',
      (n) => scansJpeg(2_600 - n, 1_900, 10),
      '150 of 150 images are nearly uniform',
    ],
    [
      '1000 pictures that take just less than their share of the time for decoding',
      (n) => blackPng(1_000, 1_900 - n),
      '1000 of 1000 images are nearly uniform',
    ],
    [
      '1000 small pictures of some hundred bytes that take much more than it',
      (n) => blankWebp(3_600, 3_600 - n),
      '1000 too costly to decode',
    ],
    [
      '5 pictures that are filled up to 110 MB',
      (n) => Buffer.concat([blackPng(1_000, 1_000 - n), FILLED]),
      '5 of 5 images are nearly uniform',
    ],
  ])('are checked in bounded time and memory: %s', async (what, make, told) => {
    const names = Array.from({ length: Number.parseInt(what, 10) }, (_, n) => `${n}.jpg`);
    const coco = {
      images: names.map((file_name, id) => ({ id, file_name })),
      annotations: names.map((_, id) => ({ id, image_id: id, category_id: 1, bbox: [9, 9, 900, 900] })),
      categories: [{ id: 1, name: 'bolt' }],
    };
    const pictures = names.map((name, n): RawEntry => ({ name, data: make(n) }));
    const { seconds, megabytes, output } = await checked([
      cocoFile(Buffer.from(JSON.stringify(coco))),
      ...pictures,
    ]);
    expect(output).toMatch(told);
    expect(seconds).toBeLessThan(MAX_SECONDS);
    expect(megabytes).toBeLessThan(MAX_MB);
  });

  it('are checked in bounded time and memory: 3,500 entries with comments of 64 KB', async () => {
    const comment = Buffer.alloc(65_535, 0x20);
    const commented = Array.from({ length: 3_500 }, (_, n): RawEntry => ({ name: `${n}.jpg`, comment }));
    const { seconds, megabytes, output } = await checked([
      cocoFile(filled('images', '{}', 0)),
      { name: 'a.jpg' },
      ...commented,
    ]);
    expect(output).toMatch(/1 in a format that is not supported/);
    expect(seconds).toBeLessThan(MAX_SECONDS);
    expect(megabytes).toBeLessThan(MAX_MB);
  });
});
