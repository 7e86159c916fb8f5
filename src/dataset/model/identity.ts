import { createHash } from 'node:crypto';
import { byCodePoint } from '../../lib/order.js';
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

/** What is inside, however and whenever it was uploaded or zipped. Hex. */
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

/** What comes out: content, settings and rules. Hex. */
export function datasetVersion(archive: string, settings: DatasetSettings): string {
  const decisive = Object.fromEntries(
    Object.entries(settings).filter(([name, value]) => counts(name, value)),
  );
  return sha256(
    canonicalJson({ archive, settings: decisive, rules: RULES_VERSION, imageRules: IMAGE_RULES_VERSION }),
  );
}

/** Younger than the first versions of datasets, which keep their names: these count only beside their default. */
const LATER_SETTINGS: Partial<DatasetSettings> = {
  keepCrowd: DEFAULT_DATASET_SETTINGS.keepCrowd,
  split: DEFAULT_DATASET_SETTINGS.split,
};

function counts(name: string, value: unknown): boolean {
  return !Object.entries(LATER_SETTINGS).some(([later, usual]) => later === name && usual === value);
}

/** The part of the dataset version that keys carry. */
export const versionDir = (version: string) => version.slice(0, 16);

/**
 * 12 hex that name an image's content and what was made of it. The path is part of them, for keys carry it without
 * its extension and perhaps cut: copies as `a.jpg` and `a.jpeg` are two images, and no manifest may name one twice.
 */
export function imageTag(sourceSha256: string, path: string, { imageMaxSide }: ImageSettings): string {
  const identity = { sourceSha256, path, imageMaxSide, imageRules: IMAGE_RULES_VERSION };
  return sha256(canonicalJson(identity)).slice(0, 12);
}

/** Bytes of a name that leave room for tag and extension in a segment of 255. */
const MAX_STEM_BYTES = 230;

/** Key of a preprocessed image; different content or another path never gets the same one. */
export function preprocessedKey(
  dataset: string,
  path: string,
  tag: string,
  extension: 'jpg' | 'png',
): string {
  const slash = path.lastIndexOf('/') + 1;
  const stem = path.slice(slash).replace(/(?<=.)\.[^.]*$/, '');
  return `${preprocessedPrefix(dataset)}${path.slice(0, slash)}${cut(stem)}.${tag}.${extension}`;
}

/** The tag alone tells images apart; the name is for people, and may be cut. */
function cut(stem: string): string {
  let cutStem = stem;
  while (Buffer.byteLength(cutStem) > MAX_STEM_BYTES) cutStem = [...cutStem].slice(0, -1).join('');
  return cutStem;
}

/** Names an upload in the ledger: what was put where. */
export function uploadSha256(upload: { bucket: string; key: string; etag: string }): string {
  return sha256(JSON.stringify([upload.bucket, upload.key, upload.etag]));
}

/** Names a model by all that decides it, so that training the same again is the same model. */
export function modelVersionName(
  manifests: { readonly train: string; readonly val: string },
  attempt: number,
): string {
  return `${sha256(canonicalJson({ ...manifests })).slice(0, 16)}-r${attempt}`;
}

/** JSON with sorted keys, so that equal values are equal texts. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) =>
    typeof item === 'object' && item !== null && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => byCodePoint(a, b)))
      : item,
  );
}

const DATASET_NAME = /^[a-z0-9][a-z0-9._-]{0,99}$/;

/** Dataset names become keys, workflow ids and Rekognition project names. */
export const isDatasetName = (name: string) => DATASET_NAME.test(name);

export const DATASET_NAME_RULE =
  'use a-z, 0-9, dots, dashes and underscores, up to 100 characters, starting with a letter or digit';

/** The message for a text that is not a valid dataset name. */
export const invalidDatasetName = (name: string) =>
  `${JSON.stringify(name)} is not a valid dataset name: ${DATASET_NAME_RULE}.`;

/**
 * Returns the dataset name that a person entered.
 * @throws UsageError where it is not valid
 */
export function checkDatasetName(name: string): string {
  if (!isDatasetName(name)) throw new UsageError(invalidDatasetName(name));
  return name;
}

/**
 * A dataset's name from a file's: `Face Skin Problems.v1i.coco.zip` is `face-skin-problems`, whatever version and
 * format Roboflow wrote behind it. Where letters are lost, a hash keeps names apart.
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
