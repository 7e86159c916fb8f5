import type { Command } from 'commander';
import { Option } from 'commander';
import { requireBucket } from '../../config/environment.js';
import { checkDatasetName, versionDir } from '../../dataset/model/identity.js';
import { exportFiles } from '../../export/export-files.js';
import { EXPORT_FORMATS, type ExportFormat, type NamedImage } from '../../export/files.js';
import { imageReader, readNewestVersion } from '../../export/read-version.js';
import { writeExport } from '../../export/write-zip.js';
import { plural, pluralNoun } from '../../lib/plural.js';
import { createS3Client } from '../../storage/client.js';
import { ObjectStore } from '../../storage/object-store.js';
import { helpEnd } from '../output/exit-codes.js';
import { withProgress } from '../output/progress.js';
import { printLine } from '../output/terminal.js';
import { refuseUnwritable } from '../output-file.js';
import { refuseExisting } from '../refuse-existing.js';
import { readServices } from '../services.js';

interface ExportFlags {
  readonly format: ExportFormat;
  readonly out: string;
  readonly force?: true;
  readonly json?: boolean;
}

export function registerExport(program: Command): void {
  program
    .command('export')
    .description('write the latest valid version of the curated, preprocessed dataset as a ZIP')
    .argument('<dataset>', 'name of the dataset, as `curator list` prints it')
    .addOption(
      new Option('--format <format>', "COCO in Roboflow's layout, or YOLO in Ultralytics' layout")
        .choices(EXPORT_FORMATS)
        .makeOptionMandatory(),
    )
    .requiredOption('--out <file>', 'the ZIP to write')
    .option('--force', 'replace the file if it exists')
    .option(
      '--json',
      'print one JSON document: {dataset, version, format, file, images, tiles, boxes, bytes}; images include tiles',
    )
    .addHelpText('after', helpEnd('curator export skin-2025-09 --format yolo --out skin-yolo.zip'))
    .action(exportDataset);
}

async function exportDataset(dataset: string, { format, out, force, json }: ExportFlags): Promise<void> {
  checkDatasetName(dataset);
  await refuseExisting('--out', out, force);
  await refuseUnwritable(out);
  const environment = readServices();
  const bucket = requireBucket(environment);
  const store = new ObjectStore(createS3Client(environment.aws));
  const exported = await readNewestVersion(store, bucket, dataset);
  const files = exportFiles(exported, format);
  const read = imageReader(store, bucket);
  let done = 0;
  const bytes = await withProgress((display) =>
    writeExport(out, files, read, () => {
      done += 1;
      display.counted('exporting', done, exported.images.length, 'images');
    }),
  );
  const images = countSplits(exported.images);
  const tiles = countSplits(exported.images.filter(({ tile }) => tile !== undefined));
  const boxes = exported.images.reduce((sum, image) => sum + image.boxes.length, 0);
  const version = versionDir(exported.datasetVersion);
  printLine(
    json
      ? JSON.stringify({ dataset, version, format, file: out, images, tiles, boxes, bytes })
      : `${out}: ${imagesText(images, tiles)}, ${plural(boxes, 'box')}, ${(bytes / 1e6).toFixed(1)} MB`,
  );
}

type SplitCounts = Readonly<Record<'train' | 'val', number>>;

function countSplits(images: readonly NamedImage[]): SplitCounts {
  const train = images.filter(({ split }) => split === 'train').length;
  return { train, val: images.length - train };
}

/** `80 train and 20 val images`, with tiles `80 train and 20 val photos, 176 train and 48 val tiles`. */
function imagesText(images: SplitCounts, tiles: SplitCounts): string {
  const inSplits = ({ train, val }: SplitCounts, noun: string) =>
    `${train} train and ${val} val ${pluralNoun(val, noun)}`;
  if (tiles.train + tiles.val === 0) return inSplits(images, 'image');
  const photos = { train: images.train - tiles.train, val: images.val - tiles.val };
  return `${inSplits(photos, 'photo')}, ${inSplits(tiles, 'tile')}`;
}
