import { type Curation, curate } from '../../../src/dataset/curating/curate.js';
import type { CurateInput } from '../../../src/dataset/curating/input.js';
import type { Candidate } from '../../../src/dataset/model/candidates.js';
import { type DatasetSettings, DEFAULT_DATASET_SETTINGS } from '../../../src/dataset/model/settings.js';
import type {
  ExifOrientation,
  LabelledImage,
  PreprocessedImage,
  RejectedRecord,
  Size,
  SourceBox,
} from '../../../src/dataset/model/types.js';
import { byCodePoint } from '../../../src/lib/order.js';

export const COCO_FILE = 'train/_annotations.coco.json';
const SIZE: Size = { width: 640, height: 480 };

/** A 100 px box, well inside every image of `SIZE`. */
export const boxOf = (label: string, over: Partial<SourceBox> = {}): SourceBox => ({
  label,
  x: 10,
  y: 20,
  width: 100,
  height: 100,
  ...over,
});

export interface Drawn {
  readonly image: LabelledImage;
  readonly result: PreprocessedImage;
}

/** An image record and the result of preprocessing. By default it is upright and has the size that COCO states. */
export function drawn(
  path: string,
  boxes: readonly SourceBox[],
  over: {
    readonly coco?: Size | null;
    readonly cocoFile?: string;
    readonly stored?: Size;
    readonly orientation?: ExifOrientation;
    readonly output?: Size;
    readonly sha?: string;
  } = {},
): Drawn {
  const stored = over.stored ?? SIZE;
  const orientation = over.orientation ?? 1;
  const upright = orientation >= 5 ? { width: stored.height, height: stored.width } : stored;
  const coco = over.coco === undefined ? upright : over.coco;
  return {
    image: {
      path,
      cocoFile: over.cocoFile ?? COCO_FILE,
      record: `image id ${path}`,
      width: coco?.width ?? null,
      height: coco?.height ?? null,
      annotations: boxes.length,
      boxes,
    },
    result: {
      status: 'preprocessed',
      path,
      key: `datasets/d/preprocessed/${path}`,
      sourceSha256: over.sha ?? path,
      bytes: 1000,
      stored,
      orientation,
      output: over.output ?? upright,
      untouched: true,
    },
  };
}

export function rejected(path: string, message = 'It is broken.'): RejectedRecord {
  const record = `image id ${path}`;
  return { status: 'rejected', path, cocoFile: COCO_FILE, record, reason: 'undecodable', message };
}

/** `count` images with one box of the class each, whose place differs. */
export function imagesOf(label: string, count: number, prefix = label): Drawn[] {
  return Array.from({ length: count }, (_, i) =>
    drawn(`${prefix}${String(i).padStart(4, '0')}.jpg`, [boxOf(label, { x: 10 + (i % 500) })]),
  );
}

export function inputOf(
  images: CurateInput['images'],
  settings: Partial<DatasetSettings> = {},
  over: Partial<CurateInput> = {},
): CurateInput {
  return {
    images,
    missing: [],
    annotationsFound: images.reduce((sum, { image }) => sum + image.boxes.length, 0),
    droppedWhileReading: {},
    groupOf: new Map(),
    sameAs: new Map(),
    unmoved: [],
    lowContrast: [],
    settings: { ...DEFAULT_DATASET_SETTINGS, ...settings },
    ...over,
  };
}

export function curated(
  images: CurateInput['images'],
  settings: Partial<DatasetSettings> = {},
  over: Partial<CurateInput> = {},
) {
  return curate(inputOf(images, settings, over));
}

/** Small numbers, so that expected counts are easy to check. */
export const SMALL = { minClassImages: 2, perClassCap: 100, valSplit: 0.2 };

export const findingOf = ({ findings }: Curation, code: string) =>
  findings.find((finding) => finding.code === code);

/** An image with `labels`, as balancing and splitting receive it, with a given sort key so that tests can read the order. */
export function candidate(
  sortKey: string,
  labels: readonly string[],
  over: Partial<Pick<Candidate, 'group' | 'unit' | 'sourceSha256' | 'path' | 'exported'>> = {},
): Candidate {
  const path = over.path ?? `${sortKey}.jpg`;
  return {
    path,
    key: `k/${path}`,
    size: SIZE,
    boxes: labels.map((label) => ({ label, left: 0, top: 0, width: 10, height: 10 })),
    group: over.group ?? path,
    unit: over.unit ?? over.group ?? path,
    sourceSha256: over.sourceSha256 ?? path,
    sortKey,
    exported: over.exported ?? null,
  };
}

export const names = (images: Iterable<{ readonly path: string }>) =>
  [...images].map(({ path }) => path.replace('.jpg', '')).sort(byCodePoint);
