import type { ExportedDataset, ExportFile, NamedImage } from './files.js';

const FOLDERS = { train: 'train', val: 'valid' } as const;

/** COCO as Roboflow lays it out: `train` and `valid`, each with its images and `_annotations.coco.json`. */
export function* cocoFiles(exported: ExportedDataset): Generator<ExportFile> {
  for (const split of ['train', 'val'] as const) {
    const images = exported.images.filter((image) => image.split === split);
    const folder = FOLDERS[split];
    yield { path: `${folder}/_annotations.coco.json`, text: () => cocoJson(exported, images) };
    for (const { name, key } of images) yield { path: `${folder}/${name}`, key };
  }
}

/** Ids count from 1 and restart in each file. */
function* cocoJson(
  { dataset, datasetVersion, labels }: ExportedDataset,
  images: readonly NamedImage[],
): Generator<string> {
  const categoryOf = new Map(labels.map((label, index) => [label, index + 1]));
  const categories = labels.map((name, index) => ({ id: index + 1, name, supercategory: 'none' }));
  const info = { description: dataset, version: datasetVersion };
  yield `{"info":${JSON.stringify(info)},"licenses":[],"categories":${JSON.stringify(categories)},"images":[`;
  for (const [index, { name, width, height }] of images.entries()) {
    yield `${separator(index)}${JSON.stringify({ id: index + 1, file_name: name, width, height })}`;
  }
  yield '\n],"annotations":[';
  let id = 0;
  for (const [index, { boxes }] of images.entries()) {
    for (const { label, left, top, width, height } of boxes) {
      id += 1;
      const annotation = {
        id,
        image_id: index + 1,
        category_id: categoryOf.get(label),
        bbox: [left, top, width, height],
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
