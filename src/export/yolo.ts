import type { ExportedDataset, ExportFile, NamedImage } from './files.js';

/** The files of a YOLO export in Ultralytics' layout: `images` and `labels`, each with `train` and `val`, and `data.yaml`. */
export function* yoloFiles(exported: ExportedDataset): Generator<ExportFile> {
  const idOf = new Map(exported.labels.map((label, id) => [label, id]));
  yield { path: 'data.yaml', text: () => dataYaml(exported) };
  for (const image of exported.images) {
    const { split, name, key } = image;
    const stem = name.slice(0, name.lastIndexOf('.'));
    yield { path: `images/${split}/${name}`, key };
    yield { path: `labels/${split}/${stem}.txt`, text: () => labelLines(image, idOf) };
  }
}

/** The text of data.yaml. Without `path`, Ultralytics looks for the folders beside the file. JSON strings are valid YAML strings. */
function* dataYaml({ dataset, datasetVersion, labels }: ExportedDataset): Generator<string> {
  yield `# ${dataset}, version ${datasetVersion}\ntrain: images/train\nval: images/val\nnames:\n`;
  for (const [id, label] of labels.entries()) yield `  ${id}: ${JSON.stringify(label)}\n`;
}

/**
 * One line per box: class id, centre and size as shares of the image. Eight decimals are enough to restore whole
 * pixels.
 */
function* labelLines(
  { width, height, boxes }: NamedImage,
  idOf: ReadonlyMap<string, number>,
): Generator<string> {
  for (const box of boxes) {
    const shares = [
      (box.left + box.width / 2) / width,
      (box.top + box.height / 2) / height,
      box.width / width,
      box.height / height,
    ];
    yield `${idOf.get(box.label)} ${shares.map((share) => share.toFixed(8)).join(' ')}\n`;
  }
}
