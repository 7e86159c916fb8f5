import { describe, expect, it } from '@jest/globals';
import { bufferSource } from '../../src/archive/source.js';
import { DatasetError } from '../../src/dataset/model/errors.js';
import { DEFAULT_DATASET_SETTINGS } from '../../src/dataset/model/settings.js';
import { inspect } from '../../src/pipeline/inspect.js';
import { type RawEntry, zipBytes } from '../support/zip-bytes.js';

const LINK = 0o120777;

const coco = (...names: string[]) =>
  Buffer.from(
    JSON.stringify({
      images: names.map((name, id) => ({ id, file_name: name, width: 100, height: 80 })),
      annotations: names.map((_, id) => ({ id, image_id: id, category_id: 1, bbox: [1, 2, 30, 40] })),
      categories: [{ id: 1, name: 'nodule' }],
    }),
  );

const inspected = async (entries: readonly RawEntry[]) =>
  await inspect(bufferSource(zipBytes(entries)), DEFAULT_DATASET_SETTINGS);

async function refusal(entries: readonly RawEntry[]): Promise<DatasetError> {
  const error = await inspected(entries).catch((caught: unknown) => caught);
  if (!(error instanceof DatasetError)) throw new Error(`Not refused: ${String(error)}`);
  return error;
}

/** Entries that are not files of the archive. */
const FOREIGN: readonly (readonly [string, RawEntry, RegExp])[] = [
  [
    'a symbolic link',
    { name: 'latest.jpg', unixMode: LINK, data: Buffer.from('/etc/passwd') },
    /not followed/,
  ],
  ['a device', { name: 'dev/sda', unixMode: 0o060644 }, /not a file/],
  ['a FIFO', { name: 'pipe', unixMode: 0o010644 }, /not a file/],
  ['a name with ..', { name: 'a/../../x.jpg' }, /points outside the archive.*relative names/],
  ['a name with .. and backslashes', { name: '..\\x.jpg' }, /points outside/],
  ['a link outside the archive', { name: '../x', unixMode: LINK }, /points outside/],
  ['an absolute name', { name: '/images/x.jpg' }, /absolute path/],
  ['no name', { name: '' }, /has no name/],
  ['a drive letter', { name: 'C:\\x.jpg' }, /absolute path/],
  ['a COCO file as a link', { name: 'latest.json', unixMode: LINK, data: Buffer.from('c.json') }, /link/],
  ['a COCO file outside the archive', { name: '../c.json', data: coco('other.jpg') }, /points outside/],
];

describe('an entry that is not a file of the archive', () => {
  it.each(FOREIGN)(
    'an entry that is not a file of the archive is skipped with a warning if nothing refers to it: %s',
    async (_what, foreign, message) => {
      const used = [{ name: 'c.json', data: coco('a.jpg') }, { name: 'a.jpg' }];
      for (const entries of [
        [...used, foreign],
        [foreign, ...used],
      ]) {
        const { merged, batches, plan } = await inspected(entries);
        expect(merged.cocoFiles.map(({ path }) => path)).toEqual(['c.json']);
        expect(batches.flatMap(({ images }) => images.map(({ entry }) => entry.path))).toEqual(['a.jpg']);
        const skipped = plan.findings.filter(({ code }) => code === 'ENTRIES_SKIPPED');
        expect(skipped).toMatchObject([{ count: 1, examples: [expect.stringMatching(message)] }]);
      }
    },
  );

  it('an image entry that is skipped as a link is not counted as an image in no COCO file too', async () => {
    const { plan, merged } = await inspected([
      { name: 'c.json', data: coco('a.jpg') },
      { name: 'a.jpg' },
      { name: 'b.jpg' },
      { name: 'link.jpg', unixMode: LINK },
    ]);
    expect(merged.unlisted).toEqual(['b.jpg']);
    const counts = plan.findings.map(({ code, count }) => `${code} ${count}`);
    expect(counts).toEqual(expect.arrayContaining(['ENTRIES_SKIPPED 1', 'IMAGES_UNLISTED 1']));
  });

  it.each<[string, RawEntry]>([
    ['a symbolic link', { name: 'images/x.jpg', unixMode: LINK }],
    ['a name with ..', { name: '../images/x.jpg' }],
    ['an absolute name', { name: '/images/x.jpg' }],
    ['a drive letter', { name: 'D:\\images\\x.jpg' }],
  ])('refuses the archive if a COCO file refers to it: %s', async (_what, foreign) => {
    const error = await refusal([
      { name: 'c.json', data: coco('a.jpg', 'images/x.jpg') },
      { name: 'a.jpg' },
      foreign,
    ]);
    expect(error).toMatchObject({ type: 'ArchiveUnsafe', details: { file: foreign.name } });
  });

  it.each<[string, RawEntry]>([
    ['a symbolic link', { name: 'c.json', unixMode: LINK, data: Buffer.from('../labels/c.json') }],
    ['an absolute name', { name: '/export/c.json', data: coco('a.jpg') }],
    ['a name with ..', { name: 'set/x/../c.json', data: coco('a.jpg') }],
  ])('refuses the archive if it is the only JSON file: %s', async (_what, foreign) => {
    const error = await refusal([{ name: 'a.jpg' }, foreign]);
    expect(error).toMatchObject({ type: 'ArchiveUnsafe', details: { file: foreign.name } });
  });

  it('an entry that is not a file of the archive never takes the place of a file whose path differs only in the slash at the start', async () => {
    const { merged, plan } = await inspected([
      { name: '/a.jpg', data: Buffer.from('other') },
      { name: 'c.json', data: coco('a.jpg') },
      { name: 'a.jpg' },
    ]);
    expect(merged.images.map(({ path }) => path)).toEqual(['a.jpg']);
    expect(plan.findings.map(({ code }) => code)).toContain('ENTRIES_SKIPPED');
  });
});
