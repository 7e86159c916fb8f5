import { type CocoFile, type CocoImage, readCocoFile } from './coco.js';
import { DatasetError } from './errors.js';
import { byCodePoint } from './order.js';
import { FileResolver, isImageFile } from './resolve.js';
import type { ArchiveEntry, LabelledImage, RejectedImage, SourceBox } from './types.js';

export interface DatasetFinding {
  readonly code: string;
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly count: number;
  readonly examples: readonly string[];
}

export interface MergedDataset {
  /** Images whose file is in the archive, sorted by path. */
  readonly images: readonly LabelledImage[];
  /** Image records without a file. */
  readonly rejected: readonly RejectedImage[];
  /** Classes with at least one usable annotation, sorted. */
  readonly labels: readonly string[];
  readonly annotations: { readonly found: number; readonly dropped: Readonly<Record<string, number>> };
  /** Image files that no COCO file names. */
  readonly unlisted: readonly string[];
  readonly findings: readonly DatasetFinding[];
  /** The COCO files that count, with their SHA-256. */
  readonly cocoFiles: readonly { readonly path: string; readonly sha256: string }[];
}

const MAX_EXAMPLES = 10;

interface Place {
  readonly file: CocoFile;
  readonly image: CocoImage;
}

/**
 * Merges the COCO files of an archive into one dataset, in which no image counts twice.
 * @throws DatasetError CocoMissing, CocoInvalid, ImageAmbiguous, NoUsableImages
 */
export function mergeCoco(
  jsonFiles: readonly { readonly path: string; readonly bytes: Uint8Array; readonly sha256: string }[],
  entries: readonly ArchiveEntry[],
): MergedDataset {
  const files = jsonFiles.flatMap(({ path, bytes }) => readCocoFile(path, bytes) ?? []).sort(byPreference);
  if (files.length === 0) throw cocoMissing(jsonFiles.map(({ path }) => path));
  const resolver = new FileResolver(entries.map(({ path }) => path));

  const placed = new Map<string, Place[]>();
  const missing: Place[] = [];
  for (const file of files) {
    for (const image of file.images) {
      const path = resolver.resolve(file.path, image.fileName);
      if (path === undefined) missing.push({ file, image });
      else placed.set(path, [...(placed.get(path) ?? []), { file, image }]);
    }
  }
  const counting = new Set([...placed.values()].map(([first]) => first?.file));
  // A file that names nothing of the archive still counts: all its images are missing.
  const placing = new Set([...placed.values()].flat().map(({ file }) => file));
  for (const { file } of missing) if (!placing.has(file)) counting.add(file);
  return assemble({
    placed,
    missing: missing.filter(({ file }) => counting.has(file)),
    counting,
    entries,
    jsonFiles,
  });
}

function assemble(input: {
  placed: ReadonlyMap<string, readonly Place[]>;
  missing: readonly Place[];
  counting: ReadonlySet<CocoFile | undefined>;
  entries: readonly ArchiveEntry[];
  jsonFiles: readonly { path: string; sha256: string }[];
}): MergedDataset {
  const { placed, missing, counting, entries, jsonFiles } = input;
  const dropped: Record<string, number> = {};
  const drop = (reason: string, count: number) => {
    if (count > 0) dropped[reason] = (dropped[reason] ?? 0) + count;
  };
  const images: LabelledImage[] = [];
  const disagreeing: string[] = [];
  for (const [path, places] of placed) {
    const [first] = places;
    if (!first) continue;
    const own = places.filter(({ file }) => file === first.file);
    const boxes = own.flatMap(({ image }) => image.annotations.map(toBox));
    images.push({
      path,
      cocoFile: first.file.path,
      width: first.image.width,
      height: first.image.height,
      boxes: boxes.sort(byBox),
    });
    for (const { image } of own) {
      for (const [reason, count] of Object.entries(image.dropped)) drop(reason, count);
    }
    if (places.some(({ file, image }) => file !== first.file && disagree(image, first.image)))
      disagreeing.push(path);
  }
  images.sort((a, b) => byCodePoint(a.path, b.path));
  for (const { image } of missing) drop('image-rejected', annotationsOf(image));
  for (const file of counting) drop('unknown-image', file?.orphans ?? 0);

  if (images.length === 0) {
    throw new DatasetError(
      'NoUsableImages',
      missing.length === 0
        ? 'The COCO files describe no image. Export the dataset with its images.'
        : `None of the ${missing.length} images that the COCO files name is in the archive, such as ${missing[0]?.image.fileName}. Export the images with the annotations.`,
      { count: missing.length },
    );
  }
  const used = images.reduce((sum, { boxes }) => sum + boxes.length, 0);
  const listed = new Set(images.map(({ path }) => path));
  const labels = [...new Set(images.flatMap(({ boxes }) => boxes.map(({ label }) => label)))].sort(
    byCodePoint,
  );
  const unlisted = entries.map(({ path }) => path).filter((path) => isImageFile(path) && !listed.has(path));
  const cocoPaths = new Set([...counting].map((file) => file?.path));
  return {
    images,
    rejected: missing.map(toRejected).sort((a, b) => byCodePoint(a.path, b.path)),
    labels,
    annotations: { found: used + Object.values(dropped).reduce((sum, n) => sum + n, 0), dropped },
    unlisted,
    findings: findings(labels, unlisted, disagreeing.sort(byCodePoint)),
    cocoFiles: jsonFiles
      .filter(({ path }) => cocoPaths.has(path))
      .map(({ path, sha256 }) => ({ path, sha256 }))
      .sort((a, b) => byCodePoint(a.path, b.path)),
  };
}

/** Roboflow's own file first, then the one with most images: an author's copy beside the export gives way. */
function byPreference(a: CocoFile, b: CocoFile): number {
  const own = (file: CocoFile) => (file.path.endsWith('_annotations.coco.json') ? 0 : 1);
  return own(a) - own(b) || b.images.length - a.images.length || byCodePoint(a.path, b.path);
}

function toBox({ label, bbox: [x, y, width, height] }: CocoImage['annotations'][number]): SourceBox {
  return { label, x, y, width, height };
}

function byBox(a: SourceBox, b: SourceBox): number {
  return a.y - b.y || a.x - b.x || a.height - b.height || a.width - b.width || byCodePoint(a.label, b.label);
}

function disagree(a: CocoImage, b: CocoImage): boolean {
  const key = (image: CocoImage) => JSON.stringify(image.annotations.map(toBox).sort(byBox));
  return key(a) !== key(b);
}

function annotationsOf(image: CocoImage): number {
  return image.annotations.length + Object.values(image.dropped).reduce((sum, n) => sum + n, 0);
}

function toRejected({ file, image }: Place): RejectedImage {
  return {
    status: 'rejected',
    path: image.fileName,
    cocoFile: file.path,
    reason: 'missing-in-archive',
    message: `${file.path} names ${JSON.stringify(image.fileName)}, which is not in the archive.`,
  };
}

function findings(
  labels: readonly string[],
  unlisted: readonly string[],
  disagreeing: readonly string[],
): DatasetFinding[] {
  const byFolded = new Map<string, string[]>();
  for (const label of labels) {
    const folded = label.toLowerCase().replace(/[\s_-]+/g, ' ');
    byFolded.set(folded, [...(byFolded.get(folded) ?? []), label]);
  }
  const alike = [...byFolded.values()].filter((same) => same.length > 1).map((same) => same.join(' / '));
  const list: [string, string, readonly string[]][] = [
    [
      'LABELS_ALIKE',
      'Classes differ only in case or spacing. If they mean the same, give them one name.',
      alike,
    ],
    ['IMAGES_UNLISTED', 'Images are in the archive but in no COCO file; they are left out.', unlisted],
    [
      'COCO_FILES_DISAGREE',
      'Several COCO files describe an image differently; the export’s own file was taken.',
      disagreeing,
    ],
  ];
  return list
    .filter(([, , cases]) => cases.length > 0)
    .map(([code, message, cases]) => ({
      code,
      severity: 'warning',
      message,
      count: cases.length,
      examples: cases.slice(0, MAX_EXAMPLES),
    }));
}

function cocoMissing(jsonFiles: readonly string[]): DatasetError {
  const found =
    jsonFiles.length === 0
      ? 'it holds no JSON file'
      : `of its JSON files (${jsonFiles.slice(0, 5).join(', ')}) none has the lists images and annotations`;
  return new DatasetError(
    'CocoMissing',
    `The archive has no COCO annotations: ${found}. Export in COCO format, such as train/_annotations.coco.json beside its images, or annotations/*.json with images/.`,
    { examples: jsonFiles.slice(0, 20), count: jsonFiles.length },
  );
}
