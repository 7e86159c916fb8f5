import { execFileSync } from 'node:child_process';
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createS3Client } from '../../src/storage/client.js';
import { ObjectStore } from '../../src/storage/object-store.js';
import { picture, roboflowArchive, zipOf } from '../support/archives.js';
import { awsOf } from '../support/aws.js';
import { useCommands } from '../support/commands.js';
import { startTestSeaweedFs } from '../support/servers.js';

describe('curator check', () => {
  const cli = useCommands();
  let folder: string;
  let zip: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'curator-check-'));
    zip = join(folder, 'Face Skin Problems.v1i.coco.zip');
    writeFileSync(zip, await roboflowArchive(24));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('writes the report of a fit archive and shows progress on stderr only', async () => {
    const report = join(folder, 'fit.html');
    const args = ['check', zip, '--min-class-images', '2', '--report', report, '--json'];
    const { code, stdout, stderr } = await cli(args);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ fit: true, dataset: 'face-skin-problems' });
    expect(stderr).toMatch(/preprocessing: \d+ of 24/);
    expect(readFileSync(report, 'utf8').slice(0, 600)).toContain(
      '<title>face-skin-problems: fit for training',
    );
  });

  it('counts the tiles that --tiles adds to the photos, and says so on the terminal', async () => {
    const ids = Array.from({ length: 10 }, (_, id) => id);
    const coco = {
      images: ids.map((id) => ({ id, file_name: `${id}.jpg`, width: 300, height: 200 })),
      annotations: ids.map((id) => ({ id, image_id: id, category_id: 1, bbox: [10, 10, 20, 20] })),
      categories: [{ id: 1, name: 'acne' }],
    };
    const photos = await Promise.all(ids.map(async (id) => [`${id}.jpg`, await picture(id, 300, 200)]));
    const large = join(folder, 'large.zip');
    const files = { ...Object.fromEntries(photos), '_annotations.coco.json': JSON.stringify(coco) };
    writeFileSync(large, await zipOf(files));
    const args = ['check', large, '--min-class-images', '2', '--tiles', '2'];
    const { images } = JSON.parse((await cli([...args, '--json'])).stdout);
    expect(images).toMatchObject({
      ...{ used: 10, train: 9, val: 1 },
      tiles: { train: 9, val: 1, withoutBoxes: 30, uncutPhotos: 0 },
    });
    expect((await cli(args)).stdout).toContain(
      '9 train, 1 val beside the photos; 30 tiles without boxes left out',
    );
  });

  it('explains what to do if a URL cannot be downloaded, in one message', async () => {
    const { code, stderr } = await cli(['check', 'http://127.0.0.1:1/skin.zip']);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^curator: http:\/\/127\.0\.0\.1:1\/skin\.zip cannot be downloaded: .*Download it yourself and pass the file\.\n$/,
    );
  });

  it('reports the same for an unpacked folder as for its archive', async () => {
    const unpacked = join(folder, 'Face Skin Problems');
    execFileSync('python3', ['-m', 'zipfile', '-e', zip, unpacked]);
    const counts = async (named: string) => {
      const { code, stdout } = await cli(['check', named, '--min-class-images', '2', '--json']);
      const { fit, dataset, images, annotations, labels } = JSON.parse(stdout);
      return { code, fit, dataset, images, annotations, labels };
    };
    expect(await counts(unpacked)).toEqual(await counts(zip));
  });

  it('checks an S3 object without downloading it', async () => {
    const s3 = await startTestSeaweedFs();
    try {
      await new ObjectStore(createS3Client(awsOf(s3.env))).put(s3.bucket, 'exports/a.zip', readFileSync(zip));
      const check = (key: string) =>
        cli(['check', `s3://${s3.bucket}/${key}`, '--min-class-images', '2', '--json'], s3.env);
      const { code, stdout } = await check('exports/a.zip');
      expect(code).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({ fit: true, dataset: 'a', images: { found: 24 } });
      expect(await check('exports/none.zip')).toMatchObject({
        code: 2,
        stderr: expect.stringMatching(/the object does not exist/),
      });
    } finally {
      await s3.stop();
    }
  });

  it('exits with code 1 for warnings with --strict', async () => {
    const args = ['check', zip, '--min-class-images', '2', '--json'];
    const plain = await cli(args);
    expect(JSON.parse(plain.stdout).findings).toContainEqual(
      expect.objectContaining({ code: 'FEW_TEST_IMAGES', severity: 'warning' }),
    );
    expect(plain.code).toBe(0);
    expect((await cli([...args, '--strict'])).code).toBe(1);
  });

  it('writes the report of an unfit archive and of a file that is not an archive', async () => {
    const report = join(folder, 'unfit.html');
    const { code, stdout } = await cli(['check', zip, '--report', report]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^not fit +No class is found in --min-class-images=40 images/m);
    expect(readFileSync(report, 'utf8')).toMatch(/dataset-check unfit.*NoClassLeft/s);

    writeFileSync(join(folder, 'not-a.zip'), 'this is not an archive');
    const none = join(folder, 'none.html');
    expect((await cli(['check', join(folder, 'not-a.zip'), '--report', none])).code).toBe(1);
    expect(readFileSync(none, 'utf8')).toMatch(/dataset-check unfit.*ArchiveUnreadable/s);
  });

  it.each([
    [
      'a folder of another tool',
      'tasks/data.json',
      '[{"id":1,"annotations":[{"result":[]}],"data":{}}]',
      /Label Studio/,
    ],
    [
      'a JSON in UTF-16',
      'coco.json',
      '\ufeff{"images":[],"annotations":[]}',
      /a COCO JSON without its images/,
    ],
  ])('says in one line what is not COCO and what to do: %s', async (_what, path, text, message) => {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text, text.startsWith('\ufeff') ? 'utf16le' : 'utf8');
    const { code, stdout } = await cli(['check', path.includes('/') ? dirname(file) : file]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^not fit +The (?:archive|file) .+\.$/m);
    expect(stdout).toMatch(message);
  });

  it('refuses a report path that cannot be written before it reads the archive', async () => {
    const report = join(folder, 'nowhere', 'report.html');
    const { code, stderr } = await cli(['check', zip, '--report', report]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/nowhere.* cannot be written/);
    expect(stderr).not.toContain('preprocessing');
  });

  it.each([
    ['a device', () => '/dev/full', /it is not a regular file/],
    ['a folder', () => folder, /it is a folder/],
    ['a file below a file', () => join(zip, 'report.html'), /a part of its path is a file/],
    ['a name that is too long', () => join(folder, 'x'.repeat(300)), /its name is too long/],
  ])('refuses a report path before it reads the archive: %s', async (_what, path, reason) => {
    const { code, stderr } = await cli(['check', zip, '--report', path()]);
    expect(code).toBe(2);
    expect(stderr).toMatch(reason);
    expect(stderr).not.toContain('preprocessing');
  });

  it('keeps a link to a report and leaves no other file next to it', async () => {
    const own = join(folder, 'linked');
    mkdirSync(own);
    writeFileSync(join(own, 'real.html'), 'earlier');
    symlinkSync(join(own, 'real.html'), join(own, 'link.html'));
    const { code } = await cli([
      ...['check', zip, '--min-class-images', '2', '--report', join(own, 'link.html')],
    ]);
    expect(code).toBe(0);
    expect(lstatSync(join(own, 'link.html')).isSymbolicLink()).toBe(true);
    expect(readFileSync(join(own, 'real.html'), 'utf8')).toContain('<title>face-skin-problems');
    expect(readdirSync(own).sort()).toEqual(['link.html', 'real.html']);
  });

  it('refuses to replace the archive by its report', async () => {
    const before = readFileSync(zip);
    const { code, stderr } = await cli(['check', zip, '--report', zip]);
    expect([code, stderr]).toEqual([
      2,
      expect.stringMatching(/it is a file that this command reads\. Name another file/),
    ]);
    expect(readFileSync(zip).equals(before)).toBe(true);
  });

  it('prints no escape sequence, direction mark or line break of a name in the archive', async () => {
    const hostile = '\x1b[2J\x1b]0;title\x07\x9b31m\u202e\u2066\rred\noutcome    done';
    const names = { stem: (n: number) => `photo ${n} \u202e`, label: (i: number) => `class ${i} \u202e` };
    const images = ['x', hostile].map((name, id) => ({ id, file_name: `${name}.jpg` }));
    const coco = JSON.stringify({ images, annotations: [], categories: [] });
    const others = { 'valid/_annotations.coco.json': Buffer.from(coco), 'valid/x.jpg': await picture(99) };
    const file = join(folder, 'hostile.zip');
    writeFileSync(file, await roboflowArchive(12, 2, { names, others }));
    const unsafe = /(?!\n)[\p{Cc}\p{Bidi_Control}]/u;
    for (const flags of [[], ['--min-class-images', '2'], ['--min-class-images', '2', '--json']]) {
      const { stdout, stderr } = await cli(['check', file, ...flags]);
      expect(`${stdout}${stderr}`).not.toMatch(unsafe);
      expect(stdout).not.toMatch(/^outcome/m);
      if (flags.length > 0) expect(stdout).toContain('red');
      if (flags.includes('--json')) expect(JSON.stringify(JSON.parse(stdout))).toContain('\u202e');
    }
  });
});
