import { createReadStream, createWriteStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';
import { isImageFile } from '../dataset/reading/resolve.js';
import { byCodePoint } from '../lib/order.js';
import { type TemporaryFile, temporaryFile } from '../lib/temporary-file.js';
import { UsageError } from '../lib/usage-error.js';

/** Fixed metadata of ZIP entries: a copy of a folder has other times, but the same content must give the same bytes. */
const ENTRY = { mtime: new Date('1980-01-01T00:00:00Z'), mode: 0o100644, forceDosTimestamp: true };

/**
 * Zips the images and JSON files of a folder into a temporary file and returns it. The bytes depend only on
 * paths and contents. Other files and hidden ones are left out; links to files are followed, links to folders are not.
 * @throws UsageError if the folder has no image and no JSON file
 */
export async function zipFolder(
  folder: string,
  onProgress: (done: number, total: number) => void,
): Promise<TemporaryFile> {
  const files = await filesOf(folder);
  if (files.length === 0) {
    throw new UsageError(
      `${folder} has no image and no JSON file. Pass the folder that contains the unpacked export.`,
    );
  }
  const file = temporaryFile('.zip');
  const zip = new ZipFile();
  const failed = new AbortController();
  zip.on('error', (error) => failed.abort(error));
  for (const [index, name] of files.entries()) {
    // Images do not compress further; COCO files shrink to about a tenth.
    const options = { ...ENTRY, compress: !isImageFile(name) };
    zip.addReadStreamLazy(name.split(sep).join('/'), options, (use) => {
      onProgress(index, files.length);
      use(
        null,
        createReadStream(join(folder, name)).on('error', (error) => failed.abort(error)),
      );
    });
  }
  zip.end();
  try {
    const out = createWriteStream(file.path, { flags: 'wx', mode: 0o600 });
    await pipeline(zip.outputStream, out, { signal: failed.signal });
    return file;
  } catch (error) {
    file.remove();
    throw failed.signal.aborted ? failed.signal.reason : error;
  }
}

/** The images and JSON files of a folder and its subfolders, sorted, as paths within the folder. */
export async function filesOf(folder: string): Promise<string[]> {
  const files: string[] = [];
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = relative(folder, join(entry.parentPath, entry.name));
    if (!(isImageFile(path) || /\.json$/i.test(path)) || isHidden(path)) continue;
    if (entry.isFile() || (entry.isSymbolicLink() && (await isFile(join(folder, path))))) files.push(path);
  }
  return files.sort(byCodePoint);
}

const isHidden = (path: string) => path.split(sep).some((segment) => segment.startsWith('.'));

async function isFile(path: string): Promise<boolean> {
  return await stat(path).then(
    (target) => target.isFile(),
    () => false,
  );
}
