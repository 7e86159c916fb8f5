import { idOf, type JsonRecord } from '../../lib/json-records.js';
import { byCodePoint } from '../../lib/order.js';
import { shortJson } from '../../lib/short-json.js';
import { type IdReading, IdReadings, type ShownReading } from './id-readings.js';
import { type UnusableImages, unusableError } from './image-records.js';
import { PlainIds, plainId } from './plain-ids.js';
import type { IdDoubt } from './shifted-ids.js';

interface Named {
  readonly id: string;
  readonly fileName: string;
  readonly width: number | null;
  readonly height: number | null;
}

/** Finds the image of an annotation by its `image_id`. */
export class ImageIds<Image extends Named> {
  /** Images by the file name that some exporters write in place of the id; null if several images fit. */
  readonly #byName = new Map<string, Image | null>();
  readonly #plain: PlainIds;
  /** Whether the name of an image is the id of another one, so that image_ids can have two meanings. */
  readonly #overlap: boolean;
  readonly #readings = new IdReadings();
  /** The first image_id that is the name of one image and the id of another, with both. */
  #conflict: readonly [imageId: string, named: Image, numbered: Image] | undefined;

  /** @param reading what all image_ids are; undefined if each may be an id or a name */
  constructor(
    private readonly path: string,
    private readonly byId: ReadonlyMap<string, Image>,
    private readonly unusable: UnusableImages,
    private readonly reading: IdReading | undefined,
  ) {
    this.#plain = new PlainIds(() => byId.keys());
    for (const image of byId.values()) {
      const base = image.fileName.slice(image.fileName.lastIndexOf('/') + 1);
      const names = [image.fileName, base, base.replace(/(?<=.)\.[^.]*$/, '')];
      for (const name of new Set(names)) this.#byName.set(name, this.#byName.has(name) ? null : image);
    }
    this.#overlap = this.#hasOverlap();
  }

  /**
   * The image with the `image_id` of an annotation, else the only image whose file name equals it, or whose id is the same
   * number.
   * @throws DatasetError CocoInvalid if the record of this id is unusable, or if no record of the file is usable
   */
  find({ image_id: imageId, bbox }: JsonRecord): Image | undefined {
    const id = idOf(imageId);
    if (id === undefined) return undefined;
    const unusable = this.unusable.byId.get(id) ?? (this.byId.size === 0 ? this.unusable.first : undefined);
    if (unusable) throw unusableError(this.path, unusable);
    const exact = this.byId.get(id);
    if (!this.#overlap) return exact ?? this.#named(id) ?? this.#numbered(id);
    const numbered = exact ?? this.#numbered(id);
    const named = this.#named(id);
    this.#readings.add(id, numbered, named, !exact && numbered !== undefined);
    if (named && numbered && named !== numbered) {
      this.#addConflict(id, named, numbered);
      this.#readings.addBox(bbox, numbered, named);
    }
    // Another text than a number cannot be an id, so it has one meaning only.
    const isNumber = /^\d+$/.test(plainId(id));
    if (isNumber && this.reading) return this.reading === 'ids' ? numbered : named;
    return numbered ?? named;
  }

  #named(id: string): Image | undefined {
    return this.#byName.get(id.replaceAll('\\', '/')) ?? undefined;
  }

  #numbered(id: string): Image | undefined {
    return this.byId.get(this.#plain.find(id) ?? '');
  }

  #hasOverlap(): boolean {
    for (const [name, image] of this.#byName) {
      if (!image || !/^\s*\d/.test(name)) continue;
      const other = this.byId.get(name) ?? this.#numbered(name);
      if (other && other !== image) return true;
    }
    return false;
  }

  #addConflict(id: string, named: Image, numbered: Image): void {
    const known = this.#conflict?.[0];
    if (known !== undefined && byCodePoint(known, id) <= 0) return;
    this.#conflict = [id, named, numbered];
  }

  /** What all image_ids are, if some can be both; undefined if none can, if nothing shows it, or if all are ids. */
  get shown(): ShownReading | undefined {
    return this.#conflict && !this.#readings.areAllIds ? this.#readings.right : undefined;
  }

  /** What shows how image_ids are read if some can be ids and names of different images; undefined if none can. */
  get twofoldIds(): { readonly shown: ShownReading | undefined } | undefined {
    return this.#conflict && { shown: this.#readings.right };
  }

  /** What is doubtful if image_ids are different images as ids and as names, and nothing shows which is right. */
  get doubts(): IdDoubt[] {
    if (!this.#conflict || this.#readings.right || this.reading) return [];
    const [imageId, named, numbered] = this.#conflict;
    const ids = numbered.id === imageId ? 'ids' : 'ids in another spelling';
    const [id, name, other] = [imageId, named.fileName, numbered.fileName].map((text) => shortJson(text));
    return [
      {
        kind: 'images',
        what: `image_ids of annotations can be file names or ${ids}, which are different images: ${id} is the name of ${name} and the id of ${other}`,
        advice: 'write the id of its image into each annotation, as the image record has it',
        isCertain: true,
      },
    ];
  }
}
