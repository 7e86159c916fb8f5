import { idOf } from '../../lib/json-records.js';

interface Named {
  readonly fileName: string;
}

/** Finds the image of an annotation by its `image_id`. */
export class ImageIds<Image extends Named> {
  /** Images by what some exporters write in place of the id; null if several images fit. */
  private readonly others = new Map<string, Image | null>();

  constructor(private readonly byId: ReadonlyMap<string, Image>) {
    for (const [id, image] of byId) {
      const base = image.fileName.slice(image.fileName.lastIndexOf('/') + 1);
      const names = [image.fileName, base, base.replace(/(?<=.)\.[^.]*$/, ''), withoutZeros(id)];
      for (const name of new Set(names)) this.others.set(name, this.others.has(name) ? null : image);
    }
  }

  /** The image of this id; else the only one whose file name or id without leading zeros it is. */
  find(imageId: unknown): Image | undefined {
    const id = idOf(imageId);
    if (id === undefined) return undefined;
    return (
      this.byId.get(id) ??
      this.others.get(id.replaceAll('\\', '/')) ??
      this.others.get(withoutZeros(id)) ??
      undefined
    );
  }
}

const withoutZeros = (id: string) => (/^\d+$/.test(id) ? id.replace(/^0+(?=\d)/, '') : id);
