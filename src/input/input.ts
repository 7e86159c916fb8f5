import { rm } from 'node:fs/promises';
import { basename } from 'node:path';
import { checkDatasetName, slug } from '../dataset/model/identity.js';
import { statOf } from '../lib/files.js';
import { UsageError } from '../lib/usage-error.js';
import { downloadArchive } from './download.js';
import { zipFolder } from './folder.js';

export type InputProgress = (
  stage: 'zipping' | 'downloading',
  done: number,
  total: number,
  unit: 'images' | 'bytes',
) => void;

/** What a person named: an archive on this machine, or one that lies in S3 already. */
export type Input =
  | { readonly kind: 'file'; readonly name: string; readonly path: string; close(): Promise<void> }
  | { readonly kind: 'object'; readonly name: string; readonly bucket: string; readonly key: string };

/**
 * Makes an archive of what was named: a ZIP file as it is, a folder zipped, an https URL downloaded by this machine.
 * Whoever opens an input closes it, which removes what was made for it.
 * @throws UsageError where there is no such thing
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

/** Checks what can be checked of a name before anything is started for it. */
export async function checkInput(named: string): Promise<void> {
  if (/^s3:/i.test(named)) objectOf(named);
  else if (!isUrl(named)) await statOf(named);
}

/**
 * The dataset's name: the given one, else one made from the file's name.
 * @throws UsageError where it is not valid
 */
export function datasetNameOf(named: string, given: string | undefined): string {
  return checkDatasetName(given ?? slug(nameOf(named)));
}

function temporary(name: string, path: string): Input {
  return { kind: 'file', name, path, close: () => rm(path, { force: true }) };
}

const isUrl = (named: string) => /^https?:\/\//i.test(named);

/** The last part of a path or URL, without its query. */
function nameOf(named: string): string {
  const path = isUrl(named) ? decoded(new URL(named).pathname) : named;
  const name = basename(path);
  return name === '' || name === '.' || name === '..' ? basename(process.cwd()) : name;
}

/** As it stands where it isn't percent-encoded throughout: a name is all that it is for. */
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
    throw new UsageError(`${named} names no object: write s3://bucket/path/archive.zip.`);
  }
  return { bucket, key };
}
