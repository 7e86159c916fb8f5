import { describe, expect, it } from '@jest/globals';
import { type ByteSource, bufferSource } from '../../src/archive/source.js';
import { DatasetError } from '../../src/dataset/model/errors.js';
import { DEFAULT_DATASET_SETTINGS } from '../../src/dataset/model/settings.js';
import { inspect } from '../../src/pipeline/inspect.js';
import { type RawEntry, zipBytes } from '../support/zip-bytes.js';

const CATEGORIES = [{ id: 1, name: 'bolt' }];
const IMAGES = [{ id: 1, file_name: 'a.jpg', width: 100, height: 80 }];
const BOX = { id: 1, image_id: 1, category_id: 1, bbox: [1, 2, 30, 40] };

/** Text that deflates to about half: the maximum ratio of an entry is 200. */
function noise(bytes: number): string {
  let state = 1;
  const digits = Array.from({ length: bytes / 8 }, () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state.toString(16).padStart(8, '0');
  });
  return digits.join('');
}

/** A COCO file of over 8 MB, the size from which files are read in pieces. */
function largeCoco(more = ''): Buffer {
  const info = { description: noise(200_000) };
  const orphans = JSON.stringify({ ...BOX, image_id: 99 });
  return Buffer.from(
    `{"info":${JSON.stringify(info)},"annotations":[${JSON.stringify(BOX)}${`,${orphans}`.repeat(150_000)}],` +
      `"images":${JSON.stringify(IMAGES)},"categories":${JSON.stringify(CATEGORIES)}${more}}`,
  );
}

const zipOf = (...entries: RawEntry[]) => zipBytes([...entries, { name: 'a.jpg' }]);
const inspected = async (source: ByteSource) => await inspect(source, DEFAULT_DATASET_SETTINGS);

async function refusalOf(zip: Buffer): Promise<DatasetError> {
  const error = await inspected(bufferSource(zip)).catch((caught: unknown) => caught);
  if (!(error instanceof DatasetError)) throw new Error(`Not refused: ${String(error)}`);
  return error;
}

describe('a large JSON file in an archive', () => {
  it.each([true, false])('is read in pieces, deflated: %s', async (deflate) => {
    const data = largeCoco();
    expect(data.length).toBeGreaterThan(8 * 1024 * 1024);
    const { merged } = await inspected(bufferSource(zipOf({ name: 'c.json', data, deflate })));
    expect(merged.images[0]?.boxes).toEqual([{ label: 'bolt', x: 1, y: 2, width: 30, height: 40 }]);
    expect(merged.annotations).toEqual({ found: 150_001, dropped: { 'unknown-image': 150_000 } });
  });

  it('is refused for its checksum rather than for its JSON', async () => {
    const data = largeCoco(' x');
    const error = await refusalOf(zipOf({ name: 'c.json', data, deflate: true, crc: 1 }));
    expect(error.type).toBe('ArchiveUnreadable');
    expect(error.message).toMatch(/^c\.json: its bytes do not match their checksum/);
  });

  it('is refused for its JSON, with the position in the file', async () => {
    const data = largeCoco(' x');
    const error = await refusalOf(zipOf({ name: 'c.json', data, deflate: true }));
    expect(error.message).toMatch(
      new RegExp(`a comma or a closing bracket is missing, at byte ${data.length - 2} of ${data.length}`),
    );
  });

  it('refuses JSON files that unpack to more than the maximum, before any is read', async () => {
    const json = { data: Buffer.alloc(6_000_000), method: 8, claimedSize: 1_100_000_000 };
    const zip = zipOf({ name: 'a.json', ...json }, { name: 'b.json', ...json });
    const error = await refusalOf(zip);
    expect(error.type).toBe('ArchiveUnsafe');
    expect(error.message).toMatch(
      /JSON files of the archive unpack to 2200000000 bytes; the maximum is 2147483648\. The largest is a\.json/,
    );
  });
});
