import type { ExportedDataset, ExportFile, NamedImage } from './files.js';

/** YOLO as Ultralytics lays it out: `images` and `labels` with `train` and `val` each, and `data.yaml`. */
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

/** Without `path`, Ultralytics reads folders as they lie beside the file. JSON strings are YAML strings. */
function* dataYaml({ dataset, datasetVersion, labels }: ExportedDataset): Generator<string> {
  yield `# ${dataset}, version ${datasetVersion}\ntrain: images/train\nval: images/val\nnames:\n`;
  for (const [id, label] of labels.entries()) yield `  ${id}: ${JSON.stringify(label)}\n`;
}

/** Class, centre and size as shares of the image: with eight decimals they lead back to the same pixels. */
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
