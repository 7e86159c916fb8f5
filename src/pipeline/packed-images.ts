import type { LabelledImage, SourceBox } from '../dataset/model/types.js';

/** Numbers of a box: x, y, width and height. */
const NUMBERS = 4;

/**
 * Returns copies of images whose boxes lie together in two arrays of numbers: 36 bytes per box, while an object takes up to
 * 128. `boxes` makes new objects each time, so a copy of an image with `...` needs boxes of its own.
 */
export function packedImages(images: readonly LabelledImage[]): LabelledImage[] {
  const boxes = new PackedBoxes(images.flatMap((image) => image.boxes));
  let end = 0;
  return images.map((image) => {
    const start = end;
    end += image.boxes.length;
    return new PackedImage(image, boxes, start, end);
  });
}

class PackedImage implements LabelledImage {
  readonly path: string;
  readonly cocoFile: string;
  readonly record: string;
  readonly width: number | null;
  readonly height: number | null;
  readonly annotations: number;
  readonly ofShapes: number | undefined;
  readonly #packed: PackedBoxes;
  readonly #start: number;
  readonly #end: number;

  constructor(image: LabelledImage, packed: PackedBoxes, start: number, end: number) {
    this.path = image.path;
    this.cocoFile = image.cocoFile;
    this.record = image.record;
    this.width = image.width;
    this.height = image.height;
    this.annotations = image.annotations;
    this.ofShapes = image.ofShapes;
    this.#packed = packed;
    this.#start = start;
    this.#end = end;
  }

  get boxes(): readonly SourceBox[] {
    return this.#packed.slice(this.#start, this.#end);
  }
}

class PackedBoxes {
  readonly #numbers: Float64Array;
  readonly #labels: readonly string[];
  /** The position in `#labels` of the class of each box. */
  readonly #labelIndexes: Uint32Array;

  constructor(boxes: readonly SourceBox[]) {
    const indexes = new Map<string, number>();
    this.#numbers = new Float64Array(NUMBERS * boxes.length);
    this.#labelIndexes = new Uint32Array(boxes.length);
    for (const [index, { label, x, y, width, height }] of boxes.entries()) {
      this.#numbers.set([x, y, width, height], NUMBERS * index);
      this.#labelIndexes[index] = indexes.get(label) ?? indexes.size;
      indexes.set(label, this.#labelIndexes[index] ?? 0);
    }
    this.#labels = [...indexes.keys()];
  }

  slice(start: number, end: number): SourceBox[] {
    const boxes: SourceBox[] = [];
    for (let index = start; index < end; index++) {
      const at = NUMBERS * index;
      boxes.push({
        label: this.#labels[this.#labelIndexes[index] ?? 0] ?? '',
        x: this.#numbers[at] ?? 0,
        y: this.#numbers[at + 1] ?? 0,
        width: this.#numbers[at + 2] ?? 0,
        height: this.#numbers[at + 3] ?? 0,
      });
    }
    return boxes;
  }
}
