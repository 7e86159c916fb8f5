import { baseName } from '../../lib/base-name.js';

const ROBOFLOW_NAME = /^(?<source>.+)\.rf\.[0-9a-zA-Z]+\.[a-zA-Z]+$/;

/**
 * The name that an image had before the export renamed it. Roboflow names every copy of a photo `<source>.rf.<hash>.<ext>`
 * and changes the hash, and perhaps the folder, with every export; so orders and splits must use the source. Other
 * exporters keep names: for these it is the whole path.
 */
export function sourceName(path: string): string {
  const base = baseName(path);
  return ROBOFLOW_NAME.exec(base)?.groups?.source ?? path;
}

/** Whether Roboflow made the file name. Equal sources of such names suggest copies of one photo. */
export function isRoboflowName(path: string): boolean {
  return ROBOFLOW_NAME.test(baseName(path));
}
