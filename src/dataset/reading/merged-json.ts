import type { MergedDataset } from './merge.js';

/** The merged annotations as one COCO document, in chunks: `file_name` is the path in the archive, ids count from 1. */
export function* mergedCocoJson({ images, labels }: MergedDataset): Generator<string> {
  const categoryOf = new Map(labels.map((label, index) => [label, index + 1]));
  yield '{"images":[';
  for (const [index, { path, width, height }] of images.entries()) {
    yield `${index === 0 ? '' : ','}\n${JSON.stringify({ id: index + 1, file_name: path, width, height })}`;
  }
  yield '\n],"annotations":[';
  let id = 0;
  for (const [index, { boxes }] of images.entries()) {
    for (const { label, x, y, width, height } of boxes) {
      id += 1;
      const annotation = {
        id,
        image_id: index + 1,
        category_id: categoryOf.get(label),
        bbox: [x, y, width, height],
        area: width * height,
        iscrowd: 0,
      };
      yield `${id === 1 ? '' : ','}\n${JSON.stringify(annotation)}`;
    }
  }
  yield '\n],"categories":[';
  for (const [index, name] of labels.entries()) {
    yield `${index === 0 ? '' : ','}\n${JSON.stringify({ id: index + 1, name })}`;
  }
  yield '\n]}\n';
}
