/** All S3 keys that Curator writes. `d` is the dataset, `v` the first 16 hex digits of the dataset version. */

/**
 * Maximum UTF-8 bytes of a segment of a key, a limit of file systems and of some object stores. Names of 255 characters,
 * which Windows and macOS allow, have up to 765 bytes.
 */
const MAX_SEGMENT_BYTES = 255;
/** Characters per segment of a longer name; a character has up to 4 bytes. */
const PIECES = /.{1,60}/gsu;

/** The path of a file as part of a key: names over 255 bytes are divided into several segments. */
export const keyPath = (path: string): string =>
  path
    .split('/')
    .map((name) => (utf8Length(name) <= MAX_SEGMENT_BYTES ? name : (name.match(PIECES) ?? []).join('~/')))
    .join('/');

const utf8Length = (text: string) => new TextEncoder().encode(text).length;

export const landingPrefix = 'landing/';
/** The uploads that were sent for a dataset. */
export const datasetLandingPrefix = (d: string) => `landing/${d}/`;
export const landingKey = (d: string, uploadId: string, file: string) => `landing/${d}/${uploadId}/${file}`;
/** The request file of an upload: dataset and settings. It lies beside the ZIP. */
export const requestKey = (d: string, uploadId: string) => `landing/${d}/${uploadId}/request.json`;
/** Marks an upload that was refused with a message to its sender, so that no event or sweep starts it. */
export const refusedKeyBeside = (key: string) => `${key}.refused`;
export const requestKeyBeside = (key: string) => `${key.slice(0, key.lastIndexOf('/'))}/request.json`;

/** Everything that Curator writes for a dataset. The slash keeps `skin` apart from `skin-2`. */
export const datasetPrefix = (d: string) => `datasets/${d}/`;
/** Remembers which run was the latest when the dataset was deleted. It is not below the dataset's own prefix. */
export const deletionKey = (d: string) => `datasets/.deleted/${d}.json`;

export const rawPrefix = (d: string) => `datasets/${d}/raw/`;
export const rawKey = (d: string, path: string) => `${rawPrefix(d)}${keyPath(path)}`;
export const rawCocoKey = (d: string) => `datasets/${d}/raw/coco.json`;
export const preprocessedPrefix = (d: string) => `datasets/${d}/preprocessed/`;
export const readyKey = (d: string) => `datasets/${d}/preprocessed/_READY`;

export type VersionFile =
  | 'train.manifest'
  | 'val.manifest'
  | 'labels.txt'
  | 'labels.json'
  | 'images.jsonl'
  | 'validation_report.json'
  | 'cross_validation.json'
  | 'doubtful_labels.json'
  | 'report.html';
export const versionsPrefix = (d: string) => `datasets/${d}/versions/`;
export const versionKey = (d: string, v: string, file: VersionFile) => `${versionsPrefix(d)}${v}/${file}`;
/** Copies of the latest valid version's files, at the keys that the previous system used. */
export const manifestKey = (d: string, file: VersionFile) => `datasets/${d}/manifest/${file}`;

export const modelCardKey = (d: string, modelVersion: string) => `datasets/${d}/models/${modelVersion}.json`;
export const modelReportKey = (d: string, modelVersion: string) =>
  `datasets/${d}/models/${modelVersion}.html`;
export const trainingOutputPrefix = (d: string, modelVersion: string) =>
  `datasets/${d}/models/${modelVersion}`;
export const ledgerPrefix = (d: string) => `datasets/${d}/uploads/`;
export const ledgerKey = (d: string, uploadSha256: string) => `${ledgerPrefix(d)}${uploadSha256}.json`;
export const statusKey = (d: string) => `datasets/${d}/status.json`;

/** Plan and intermediate results of a run; they may be deleted afterwards. */
export const runPrefix = (d: string, v: string) => `datasets/${d}/.run/${v}/`;
export const planKey = (d: string, v: string) => `${runPrefix(d, v)}plan.json`;
export const planBatchKey = (d: string, v: string, batch: number) => `${runPrefix(d, v)}plan/${batch}.json`;
export const batchResultKey = (d: string, v: string, batch: number) =>
  `${runPrefix(d, v)}result/${batch}.json`;
/** 64x64 luma thumbnails of a batch, 4096 bytes per image in the plan's order (zeros if it was rejected). */
export const batchThumbnailsKey = (d: string, v: string, batch: number) =>
  `${runPrefix(d, v)}thumbnails/${batch}.bin`;
/** Results of an earlier version that may hold for images of the batch, see `reusableSchema`. */
export const reusableKey = (d: string, v: string, batch: number) =>
  `${runPrefix(d, v)}reusable/${batch}.json`;
/** The thumbnails that belong to them, in their order. */
export const reusableThumbnailsKey = (d: string, v: string, batch: number) =>
  `${runPrefix(d, v)}reusable/${batch}.bin`;
/** The counts and images that conversion chose for report.html. */
export const reportFactsKey = (d: string, v: string) => `${runPrefix(d, v)}report.json`;
/** Everything that conversion found, for validation and the report. */
export const curationKey = (d: string, v: string) => `${runPrefix(d, v)}curation.json`;
