import { idOf } from '../../lib/json-records.js';
import { byCodePoint } from '../../lib/order.js';
import { shortJson } from '../../lib/short-json.js';
import { type UnusableImages, unusableError } from './image-records.js';
import { PlainIds } from './plain-ids.js';
import type { IdDoubt } from './shifted-ids.js';

interface Named {
  readonly fileName: string;
}

/** What image_ids are that no image has as its id: file names, or the same numbers in another spelling. */
export type OtherIds = 'names' | 'numbers';

/** Finds the image of an annotation by its `image_id`. */
export class ImageIds<Image extends Named> {
  /** Images by the file name that some exporters write in place of the id; null if several images fit. */
  readonly #byName = new Map<string, Image | null>();
  readonly #plain: PlainIds;
  /** Different image_ids that no image has as its id and that are no image in one of the readings. */
  readonly #unread = { names: new Set<string>(), numbers: new Set<string>() };
  /** The first image_id that is the name of one image and the number of another, with both. */
  #conflict: readonly [imageId: string, named: string, numbered: string] | undefined;

  /** @param prefer the reading that counts if both give an image */
  constructor(
    private readonly path: string,
    private readonly byId: ReadonlyMap<string, Image>,
    private readonly unusable: UnusableImages,
    private readonly prefer: OtherIds,
  ) {
    this.#plain = new PlainIds(() => byId.keys());
    for (const image of byId.values()) {
      const base = image.fileName.slice(image.fileName.lastIndexOf('/') + 1);
      const names = [image.fileName, base, base.replace(/(?<=.)\.[^.]*$/, '')];
      for (const name of new Set(names)) this.#byName.set(name, this.#byName.has(name) ? null : image);
    }
  }

  /**
   * The image with this id, else the only image whose file name equals it, or whose id is the same number.
   * @throws DatasetError CocoInvalid if the record of this id is unusable, or if no record of the file is usable
   */
  find(imageId: unknown): Image | undefined {
    const id = idOf(imageId);
    if (id === undefined) return undefined;
    const unusable = this.unusable.byId.get(id) ?? (this.byId.size === 0 ? this.unusable.first : undefined);
    if (unusable) throw unusableError(this.path, unusable);
    return this.byId.get(id) ?? this.#findOtherwise(id);
  }

  #findOtherwise(id: string): Image | undefined {
    const named = this.#byName.get(id.replaceAll('\\', '/')) ?? undefined;
    const numbered = this.byId.get(this.#plain.find(id) ?? '');
    if (!named) keep(this.#unread.names, id);
    if (!numbered) keep(this.#unread.numbers, id);
    if (named && numbered && named !== numbered) this.#addConflict(id, named, numbered);
    return this.prefer === 'names' ? (named ?? numbered) : (numbered ?? named);
  }

  #addConflict(id: string, named: Image, numbered: Image): void {
    const known = this.#conflict?.[0];
    if (known !== undefined && byCodePoint(known, id) <= 0) return;
    this.#conflict = [id, named.fileName, numbered.fileName];
  }

  /** The reading that gives more images; undefined if it does not matter, or if both give as many. */
  get shown(): OtherIds | undefined {
    const { names, numbers } = this.#unread;
    if (!this.#conflict || names.size === numbers.size) return undefined;
    return names.size < numbers.size ? 'names' : 'numbers';
  }

  /** What is doubtful if both readings give as many images, but other ones. */
  get doubts(): IdDoubt[] {
    if (!this.#conflict || this.shown) return [];
    const [id, named, numbered] = this.#conflict.map((text) => shortJson(text));
    return [
      {
        kind: 'images',
        what: `image_ids of annotations can be file names or ids in another spelling, which are different images: ${id} is the name of ${named} and the id of ${numbered}`,
        advice: 'write the id of its image into each annotation, as the image record has it',
        isCertain: true,
      },
    ];
  }
}

/** Ids beyond this number are not compared; a broken file may have many. */
const MAX_UNREAD = 100_000;

function keep(ids: Set<string>, id: string): void {
  if (ids.size < MAX_UNREAD) ids.add(id);
}
