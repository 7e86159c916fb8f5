import { idOf } from '../../lib/json-records.js';
import { type UnusableImages, unusableError } from './image-records.js';

interface Named {
  readonly fileName: string;
}

/** Finds the image of an annotation by its `image_id`. */
export class ImageIds<Image extends Named> {
  /** Images by the value that some exporters write in place of the id; null if several images fit. */
  private readonly others = new Map<string, Image | null>();

  constructor(
    private readonly path: string,
    private readonly byId: ReadonlyMap<string, Image>,
    private readonly unusable: UnusableImages,
  ) {
    for (const [id, image] of byId) {
      const base = image.fileName.slice(image.fileName.lastIndexOf('/') + 1);
      const names = [image.fileName, base, base.replace(/(?<=.)\.[^.]*$/, ''), withoutZeros(id)];
      for (const name of new Set(names)) this.others.set(name, this.others.has(name) ? null : image);
    }
  }

  /**
   * The image with this id, else the only image whose file name, or whose id without leading zeros, equals it.
   * @throws DatasetError CocoInvalid if the record of this id is unusable, or if no record of the file is usable
   */
  find(imageId: unknown): Image | undefined {
    const id = idOf(imageId);
    if (id === undefined) return undefined;
    const unusable = this.unusable.byId.get(id) ?? (this.byId.size === 0 ? this.unusable.first : undefined);
    if (unusable) throw unusableError(this.path, unusable);
    return (
      this.byId.get(id) ??
      this.others.get(id.replaceAll('\\', '/')) ??
      this.others.get(withoutZeros(id)) ??
      undefined
    );
  }
}

const withoutZeros = (id: string) => (/^\d+$/.test(id) ? id.replace(/^0+(?=\d)/, '') : id);
