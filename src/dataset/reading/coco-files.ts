import { folderOf, isBelow, isImageFile } from './resolve.js';

/** Folders in which people keep old versions. */
const BACKUP_FOLDER =
  /(?:^|[\s_.-])(?:backups?|bak|old|older|archived?|previous|obsolete|deprecated|trash)(?:$|[\s_.-])/i;

/** Why a JSON file is a copy that does not count beside others; undefined if it is not one. */
export function copyFolder(path: string, paths: readonly string[]): 'hidden' | 'backup' | undefined {
  const folders = folderOf(path).split('/');
  if (folders.some((folder) => folder.startsWith('.') && folder !== '..')) return 'hidden';
  if (!folders.some((folder) => BACKUP_FOLDER.test(folder))) return undefined;
  const folder = folderOf(path);
  return paths.some((one) => isImageFile(one) && isBelow(folder, one)) ? undefined : 'backup';
}
