import { z } from 'zod';
import { MAX_VERSION_IMAGES, versionImageSchema } from '../contracts/version-images.js';
import { SERVICE_LIMITS } from '../dataset/model/service-limits.js';
import type { Side } from '../dataset/model/types.js';
import type { VersionImage } from '../dataset/model/version-images.js';
import { s3Uri } from '../lib/s3-uri.js';
import { MalformedError } from '../storage/errors.js';
import { parseJson } from '../storage/json.js';
import { readJsonLines } from '../storage/json-lines.js';
import type { ObjectStore } from '../storage/object-store.js';

/** The place of an image's line in `images.jsonl`, and what images are chosen by. */
interface Entry {
  readonly start: number;
  readonly end: number;
  readonly split: Side;
  readonly isTile: boolean;
  /** The classes of its boxes, one character each: a list of strings would take several times the memory. */
  readonly labels: string;
}

export interface ImageFilter {
  readonly split?: Side | undefined;
  readonly label?: string | undefined;
}

/** Lines that are at most this many bytes apart are read by one request. */
const MAX_GAP_BYTES = 64 * 1024;
/** Maximum bytes of a request for several lines. */
const MAX_RANGE_BYTES = 1024 * 1024;

const indexedSchema = z.object({
  split: versionImageSchema.shape.split,
  boxes: z.array(z.object({ label: z.string() })),
  tile: z.object({}).optional(),
});

/** Where each image of an `images.jsonl` is, so that a page of images is read without the others. */
export class ImageIndex {
  private constructor(
    private readonly store: ObjectStore,
    private readonly bucket: string,
    private readonly key: string,
    /** Of the file that was read: places of lines are those of this file only. */
    private readonly etag: string | undefined,
    private readonly entries: readonly Entry[],
    private readonly characters: ReadonlyMap<string, string>,
  ) {}

  /** Reads the file once. @throws MalformedError if it is not such a file, StorageError */
  static async of(store: ObjectStore, bucket: string, key: string): Promise<ImageIndex> {
    const etag = (await store.head(bucket, key))?.etag;
    const entries: Entry[] = [];
    const characters = new Map<string, string>();
    const characterOf = (label: string) => {
      const known = characters.get(label);
      if (known !== undefined) return known;
      if (characters.size >= SERVICE_LIMITS.labels) {
        const uri = s3Uri({ bucket, key });
        throw new MalformedError(`${uri} has more than ${SERVICE_LIMITS.labels} classes.`);
      }
      const character = String.fromCharCode(characters.size);
      characters.set(label, character);
      return character;
    };
    const lines = readJsonLines(store, { bucket, key }, indexedSchema, { maxLines: MAX_VERSION_IMAGES });
    for await (const { start, end, value } of lines) {
      const labels = [...new Set(value.boxes.map(({ label }) => label))].map(characterOf).join('');
      entries.push({ start, end, split: value.split, isTile: value.tile !== undefined, labels });
    }
    return new ImageIndex(store, bucket, key, etag, entries, characters);
  }

  get isEmpty(): boolean {
    return this.entries.length === 0;
  }

  /** The images that match the filter, from the one at `offset` on, and how many match in all, tiles included. */
  async page(
    filter: ImageFilter,
    offset: number,
    limit: number,
  ): Promise<{ total: number; tiles: number; images: VersionImage[] }> {
    const { split, label } = filter;
    const character = label === undefined ? '' : this.characters.get(label);
    const matching = this.entries.filter(
      (entry) =>
        (split === undefined || entry.split === split) &&
        character !== undefined &&
        entry.labels.includes(character),
    );
    const images: VersionImage[] = [];
    for (const range of rangesOf(matching.slice(offset, offset + limit))) {
      images.push(...(await this.read(range)));
    }
    return { total: matching.length, tiles: matching.filter(({ isTile }) => isTile).length, images };
  }

  private async read(range: readonly Entry[]): Promise<VersionImage[]> {
    const { key, bucket, etag } = this;
    const start = range[0]?.start ?? 0;
    const bytes = await this.store.getBytes(bucket, key, {
      ...{ start, end: range.at(-1)?.end ?? start },
      ...(etag === undefined ? {} : { ifMatch: etag }),
    });
    return range.map((entry) => {
      const text = bytes.toString('utf8', entry.start - start, entry.end - start);
      return parseJson(text, versionImageSchema, `A line of ${s3Uri({ bucket, key })}`);
    });
  }
}

/** Groups lines that one request reads. */
function rangesOf(entries: readonly Entry[]): Entry[][] {
  const ranges: Entry[][] = [];
  for (const entry of entries) {
    const range = ranges.at(-1);
    const [first, last] = [range?.[0], range?.at(-1)];
    const fits =
      first && last && entry.start - last.end <= MAX_GAP_BYTES && entry.end - first.start <= MAX_RANGE_BYTES;
    if (range && fits) range.push(entry);
    else ranges.push([entry]);
  }
  return ranges;
}
