import { basename, join } from 'node:path';
import { checkDatasetName, slug } from '../dataset/model/identity.js';
import { statOf } from '../lib/files.js';
import type { TemporaryFile } from '../lib/temporary-file.js';
import { UsageError } from '../lib/usage-error.js';
import { downloadArchive } from './download.js';
import { filesOf, zipFolder } from './folder.js';

export type InputProgress = (
  stage: 'zipping' | 'downloading',
  done: number,
  total: number,
  unit: 'images' | 'bytes',
) => void;

/** The archive that a person named: a file on this machine, or an object in S3. */
export type Input =
  | { readonly kind: 'file'; readonly name: string; readonly path: string; close(): Promise<void> }
  | { readonly kind: 'object'; readonly name: string; readonly bucket: string; readonly key: string };

/**
 * Opens a named input: a ZIP file as it is, a folder as a temporary ZIP, an https URL as a downloaded file.
 * The caller must close the input, which removes temporary files.
 * @throws UsageError if the file or folder does not exist
 */
export async function openInput(named: string, onProgress: InputProgress): Promise<Input> {
  if (/^s3:/i.test(named)) return { kind: 'object', name: nameOf(named), ...objectOf(named) };
  if (isUrl(named)) {
    return temporary(
      nameOf(named),
      await downloadArchive(new URL(named), (done, total) => onProgress('downloading', done, total, 'bytes')),
    );
  }
  const { isFolder } = await statOf(named);
  if (!isFolder) return { kind: 'file', name: basename(named), path: named, close: async () => undefined };
  return temporary(
    nameOf(named),
    await zipFolder(named, (done, total) => onProgress('zipping', done, total, 'images')),
  );
}

/** Checks that a named input exists or has a valid form, before anything is started for it. */
export async function checkInput(named: string): Promise<void> {
  if (/^s3:/i.test(named)) objectOf(named);
  else if (!isUrl(named)) await statOf(named);
}

/** The files of this machine that a named input is read from: none for an S3 object or a URL. */
export async function filesOfInput(named: string): Promise<string[]> {
  if (/^s3:/i.test(named) || isUrl(named)) return [];
  if (!(await statOf(named)).isFolder) return [named];
  return (await filesOf(named)).map((name) => join(named, name));
}

/**
 * The dataset's name: the given one, else one made from the file's name.
 * @throws UsageError if it is not valid
 */
export function datasetNameOf(named: string, given: string | undefined): string {
  return checkDatasetName(given ?? slug(nameOf(named)));
}

function temporary(name: string, { path, remove }: TemporaryFile): Input {
  return { kind: 'file', name, path, close: async () => remove() };
}

const isUrl = (named: string) => /^https?:\/\//i.test(named);

/** The last part of a path or URL, without its query. */
function nameOf(named: string): string {
  const path = isUrl(named) ? decoded(new URL(named).pathname) : named;
  const name = basename(path);
  return name === '' || name === '.' || name === '..' ? basename(process.cwd()) : name;
}

/** Decodes percent-encoding; returns the text unchanged if it is not valid, since it only serves as a name. */
function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

function objectOf(named: string): { bucket: string; key: string } {
  const [, bucket, key] = /^s3:\/\/([^/]+)\/(.+)$/is.exec(named) ?? [];
  if (bucket === undefined || key === undefined) {
    throw new UsageError(`${named} does not name an S3 object: use the form s3://bucket/path/archive.zip.`);
  }
  return { bucket, key };
}
