import { createHash } from 'node:crypto';
import { byCodePoint } from '../../lib/order.js';
import { shortJson } from '../../lib/short-json.js';
import { UsageError } from '../../lib/usage-error.js';
import { preprocessedPrefix } from './layout.js';
import {
  type DatasetSettings,
  DEFAULT_DATASET_SETTINGS,
  IMAGE_RULES_VERSION,
  type ImageSettings,
  RULES_VERSION,
} from './settings.js';
import type { ArchiveEntry } from './types.js';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** SHA-256 of an archive's content, hex. It does not depend on when or how the archive was zipped or uploaded. */
export function archiveId(
  entries: readonly ArchiveEntry[],
  cocoFiles: readonly { readonly path: string; readonly sha256: string }[],
): string {
  const hash = createHash('sha256');
  const sorted = [...entries].sort((a, b) => byCodePoint(a.path, b.path));
  for (const { path, size, crc32 } of sorted) hash.update(`${JSON.stringify([path, size, crc32])}\n`);
  for (const file of [...cocoFiles].sort((a, b) => byCodePoint(a.path, b.path))) {
    hash.update(`${JSON.stringify([file.path, file.sha256])}\n`);
  }
  return hash.digest('hex');
}

/** SHA-256 of all that decides the curated dataset: the archive's content, the settings and the rules. Hex. */
export function datasetVersion(archive: string, settings: DatasetSettings): string {
  const decisive = Object.fromEntries(
    Object.entries(settings).filter(([name, value]) => isDecisive(name, value)),
  );
  return sha256(
    canonicalJson({ archive, settings: decisive, rules: RULES_VERSION, imageRules: IMAGE_RULES_VERSION }),
  );
}

/** Settings that were added later. They count only if they differ from the default, so that older versions keep their names. */
const LATER_SETTINGS: Partial<DatasetSettings> = {
  keepCrowd: DEFAULT_DATASET_SETTINGS.keepCrowd,
  stretchContrast: DEFAULT_DATASET_SETTINGS.stretchContrast,
  split: DEFAULT_DATASET_SETTINGS.split,
  groupBy: DEFAULT_DATASET_SETTINGS.groupBy,
  mergeClasses: DEFAULT_DATASET_SETTINGS.mergeClasses,
  tiles: DEFAULT_DATASET_SETTINGS.tiles,
};

function isDecisive(name: string, value: unknown): boolean {
  return !Object.entries(LATER_SETTINGS).some(([later, byDefault]) => later === name && byDefault === value);
}

/** The first 16 hex digits of a dataset version, as S3 keys contain it. */
export const versionDir = (version: string) => version.slice(0, 16);

/**
 * 12 hex digits that identify an image's content and its preprocessing. The path is included because keys contain it
 * without its extension and perhaps shortened: copies named `a.jpg` and `a.jpeg` need two keys, since a manifest may name
 * a key only once.
 */
export function imageTag(sourceSha256: string, path: string, settings: ImageSettings): string {
  const { imageMaxSide, stretchContrast, tiles = 1 } = settings;
  const identity = {
    ...{ sourceSha256, path, imageMaxSide, imageRules: IMAGE_RULES_VERSION },
    ...(stretchContrast === 'auto' ? { stretchContrast } : {}),
    ...(tiles > 1 ? { tiles } : {}),
  };
  return sha256(canonicalJson(identity)).slice(0, 12);
}

/** Maximum characters of a segment's name. The tag and the extension must fit into a segment of 255 bytes too. */
const MAX_SEGMENT = 230;

/**
 * S3 key of a preprocessed image, which manifests name. Two images with different content or paths never share a key,
 * since the tag tells them apart. Folders and name are for people: they keep only characters that need no encoding or
 * special handling in S3 keys and URIs (Amazon S3 User Guide, "Naming Amazon S3 objects").
 */
export function preprocessedKey(
  dataset: string,
  path: string,
  tag: string,
  extension: 'jpg' | 'png',
): string {
  const stem = path.replace(/(?<=[^/])\.[^./]*$/, '');
  return `${preprocessedPrefix(dataset)}${stem.split('/').map(safeSegment).join('/')}.${tag}.${extension}`;
}

/** A segment of a path with safe characters only: `Grüße (2)` gives `Grusse-2`, `写真` gives `_`. */
function safeSegment(segment: string): string {
  const safe = segment
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replaceAll('ß', 'ss')
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, MAX_SEGMENT);
  // `.` and `..` are resolved away by some clients.
  return /[^.]/.test(safe) ? safe : '_';
}

/** Identifies an upload in the ledger by bucket, key and ETag. SHA-256, hex. */
export function uploadSha256(upload: { bucket: string; key: string; etag: string }): string {
  return sha256(JSON.stringify([upload.bucket, upload.key, upload.etag]));
}

/** Name of a model version: a hash of the manifests and the attempt, so that the same training has the same name. */
export function modelVersionName(
  manifests: { readonly train: string; readonly val: string },
  attempt: number,
): string {
  return `${sha256(canonicalJson({ ...manifests })).slice(0, 16)}-r${attempt}`;
}

/** JSON with sorted keys: equal values give equal texts. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) =>
    typeof item === 'object' && item !== null && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => byCodePoint(a, b)))
      : item,
  );
}

const DATASET_NAME = /^[a-z0-9][a-z0-9._-]{0,99}$/;

/** Whether a text is a valid dataset name. Dataset names become S3 keys, workflow IDs and Rekognition project names. */
export const isDatasetName = (name: string) => DATASET_NAME.test(name);

export const DATASET_NAME_RULE =
  'use a-z, 0-9, dots, dashes and underscores, up to 100 characters, starting with a letter or digit';

/** The message for a text that is not a valid dataset name. */
export const invalidDatasetName = (name: string) =>
  `${shortJson(name)} is not a valid dataset name: ${DATASET_NAME_RULE}.`;

/**
 * Returns the dataset name that a person entered.
 * @throws UsageError if it is not valid
 */
export function checkDatasetName(name: string): string {
  if (!isDatasetName(name)) throw new UsageError(invalidDatasetName(name));
  return name;
}

/**
 * A dataset name from a file name: `Face Skin Problems.v1i.coco.zip` gives `face-skin-problems`. Version and format, which
 * Roboflow appends, are removed. If letters are lost, a hash is appended to keep names distinct.
 */
export function slug(fileName: string): string {
  const name = fileName
    .slice(Math.max(fileName.lastIndexOf('/'), fileName.lastIndexOf('\\')) + 1)
    .normalize('NFC')
    .replace(/\.zip$/i, '')
    .replace(/\.coco(?:-[a-z]+)?$/i, '')
    .replace(/\.v\d+(?:i|-[^.]*)?$/i, '');
  const letters = name.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  const plain = letters
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 80);
  if (plain !== '' && !/[^a-z]/u.test(letters.replace(/\P{L}/gu, ''))) return plain;
  return `${plain === '' ? 'dataset' : plain}-${sha256(name).slice(0, 8)}`;
}
