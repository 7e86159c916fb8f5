import { plural } from '../../lib/plural.js';
import { exportedSubset } from '../model/exported-side.js';
import { type DatasetFinding, warning } from '../model/findings.js';
import type { CocoFile } from './coco.js';
import { annotationsOf } from './image-records.js';
import type { ChosenRecords } from './join-files.js';

/** The images of a COCO file that no other file labels. */
interface FileUse {
  readonly path: string;
  /** The split that the export put its first image in; null if nothing says it. */
  readonly subset: string | null;
  images: number;
  /** Annotations, the unusable ones included. */
  annotations: number;
  hasBoxes: boolean;
}

/**
 * Reports COCO files without a usable annotation beside others that have some: those that are a whole split of the export,
 * and all others. Such a file was usually written without its labels.
 * @param chosen by path: the records of an image that count
 */
export function unlabelledFiles(chosen: ReadonlyMap<string, ChosenRecords>): DatasetFinding[] {
  const uses = usesOf(chosen);
  const labelled = uses.filter(({ hasBoxes }) => hasBoxes);
  if (labelled.length === 0) return [];
  const without = uses.filter(({ hasBoxes }) => !hasBoxes);
  const isWhole = ({ subset }: FileUse) => subset !== null && labelled.every((one) => one.subset !== subset);
  const report = (code: string, files: readonly FileUse[], what: string, otherwise: string) => {
    const images = files.reduce((sum, one) => sum + one.images, 0);
    const headline = `${images} of ${plural(chosen.size, 'image')} ${what}`;
    const rest = `If objects are to be found in them, export them again with annotations. ${otherwise}`;
    return warning(code, images, { headline, rest }, files.map(describe));
  };
  return [
    report(
      'SPLITS_UNLABELLED',
      without.filter(isWhole),
      'are in COCO files that hold a whole split of the export and have no usable annotation, so the model neither learns nor is tested with them.',
      'Otherwise remove them.',
    ),
    report(
      'COCO_FILES_UNLABELLED',
      without.filter((one) => !isWhole(one)),
      'are in COCO files that have no usable annotation, so the model neither learns nor is tested with them.',
      'If the images show none on purpose, they do no harm: Rekognition ignores them.',
    ),
  ].filter((finding) => finding !== undefined);
}

function usesOf(chosen: ReadonlyMap<string, ChosenRecords>): FileUse[] {
  const uses = new Map<CocoFile, FileUse>();
  for (const [path, { own }] of chosen) {
    for (const { file, image } of own) {
      const use = uses.get(file) ?? {
        ...{ path: file.path, subset: exportedSubset({ path, cocoFile: file.path })?.name ?? null },
        ...{ images: 0, annotations: file.orphans, hasBoxes: false },
      };
      use.images += 1;
      use.annotations += annotationsOf(image);
      use.hasBoxes ||= image.boxes.length > 0;
      uses.set(file, use);
    }
  }
  return [...uses.values()];
}

function describe({ path, images, annotations }: FileUse): string {
  const unusable = annotations > 0 ? ', none of them usable' : '';
  return `${path}: ${plural(images, 'image')}, ${plural(annotations, 'annotation')}${unusable}`;
}
