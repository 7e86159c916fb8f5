import { cocoText } from '../dataset/reading/coco-text.js';
import type { ExportedDataset, ExportFile, NamedImage } from './files.js';

const FOLDERS = { train: 'train', val: 'valid' } as const;

/**
 * The files of a COCO export in Roboflow's layout: the folders `train` and `valid`, each with its images and an
 * `_annotations.coco.json` whose ids start at 1.
 */
export function* cocoFiles(exported: ExportedDataset): Generator<ExportFile> {
  for (const split of ['train', 'val'] as const) {
    const images = exported.images.filter((image) => image.split === split);
    const folder = FOLDERS[split];
    yield { path: `${folder}/_annotations.coco.json`, text: () => splitText(exported, images) };
    for (const { name, key } of images) yield { path: `${folder}/${name}`, key };
  }
}

function splitText(
  { dataset, datasetVersion, labels }: ExportedDataset,
  images: readonly NamedImage[],
): Generator<string> {
  return cocoText({
    info: { description: dataset, version: datasetVersion },
    labels,
    images: images.map(({ name, width, height, boxes }) => ({
      fileName: name,
      width,
      height,
      boxes: boxes.map((box) => ({ label: box.label, bbox: [box.left, box.top, box.width, box.height] })),
    })),
  });
}
