/** An image of a COCO document with its boxes in pixels. */
export interface CocoImage {
  readonly fileName: string;
  /** Null if the size of the image is not known. */
  readonly width: number | null;
  readonly height: number | null;
  readonly boxes: readonly CocoBox[];
}

export interface CocoBox {
  readonly label: string;
  /** COCO's `bbox`: left, top, width and height. */
  readonly bbox: readonly [left: number, top: number, width: number, height: number];
}

/**
 * Writes one COCO document in chunks, one record per line, with boxes only. Ids of categories, images and annotations
 * count from 1 in the order given.
 * @param labels the categories; every label of a box must be among them
 */
export function* cocoText(document: {
  readonly info: Readonly<Record<string, string>>;
  readonly labels: readonly string[];
  readonly images: readonly CocoImage[];
}): Generator<string> {
  const { info, labels, images } = document;
  const categoryOf = new Map(labels.map((label, index) => [label, index + 1]));
  const categories = labels.map((name, index) => ({ id: index + 1, name, supercategory: 'none' }));
  yield `{"info":${JSON.stringify(info)},"licenses":[],"categories":${JSON.stringify(categories)},"images":[`;
  for (const [index, { fileName, width, height }] of images.entries()) {
    yield `${separator(index)}${JSON.stringify({ id: index + 1, file_name: fileName, width, height })}`;
  }
  yield '\n],"annotations":[';
  let id = 0;
  for (const [index, { boxes }] of images.entries()) {
    for (const { label, bbox } of boxes) {
      id += 1;
      const [, , width, height] = bbox;
      const annotation = {
        id,
        image_id: index + 1,
        category_id: categoryOf.get(label),
        bbox,
        area: width * height,
        iscrowd: 0,
        segmentation: [],
      };
      yield `${separator(id - 1)}${JSON.stringify(annotation)}`;
    }
  }
  yield '\n]}\n';
}

const separator = (index: number) => (index === 0 ? '\n' : ',\n');
