import { byCodePoint } from '../../lib/order.js';
import type { CocoFile } from './coco.js';
import { folderOf, isBelow, isImageFile } from './resolve.js';

/** Folders in which people keep old versions. */
const BACKUP_FOLDER =
  /(?:^|[\s_.-])(?:backups?|bak|old|older|archived?|previous|obsolete|deprecated|trash)(?:$|[\s_.-])/i;
/** Names that browsers, operating systems and editors give to copies. */
const COPY_NAME =
  /(?: \(\d+\)| ?- ?copy(?: ?\(\d+\))?| copy(?: \d+)?|[_.-](?:old|bak|backup|copy)|-checkpoint)(?:\.coco)?\.json$/i;

/** Why a JSON file is a copy that does not count beside others; undefined if it is not one. */
export function copyFolder(path: string, paths: readonly string[]): 'hidden' | 'backup' | undefined {
  const folders = folderOf(path).split('/');
  if (folders.some((folder) => folder.startsWith('.'))) return 'hidden';
  if (!folders.some((folder) => BACKUP_FOLDER.test(folder))) return undefined;
  const folder = folderOf(path);
  return paths.some((one) => isImageFile(one) && isBelow(folder, one)) ? undefined : 'backup';
}

/** Why one COCO file is preferred to another; each returns a number below 0 if the first one is preferred. */
const RULES: readonly (readonly [reason: string, compare: (a: CocoFile, b: CocoFile) => number])[] = [
  [
    'it has the name that Roboflow gives',
    (a, b) => Number(isRoboflows(b.path)) - Number(isRoboflows(a.path)),
  ],
  ['it has boxes', (a, b) => Number(b.hasBoxes) - Number(a.hasBoxes)],
  [
    'the other has the name of a copy',
    (a, b) => Number(COPY_NAME.test(a.path)) - Number(COPY_NAME.test(b.path)),
  ],
  ['it describes more images', (a, b) => b.images.length - a.images.length],
  ['its name comes first', (a, b) => byCodePoint(a.path, b.path)],
];

const isRoboflows = (path: string) => path.endsWith('_annotations.coco.json');

/** Orders COCO files by preference: if files contradict each other, the first counts. */
export function byPreference(a: CocoFile, b: CocoFile): number {
  for (const [, compare] of RULES) {
    const order = compare(a, b);
    if (order !== 0) return order;
  }
  return 0;
}

/** Says why `a` was preferred to `b`. */
export function preferenceReason(a: CocoFile, b: CocoFile): string {
  const rule = RULES.find(([, compare]) => compare(a, b) !== 0);
  return rule && rule[1](a, b) < 0 ? rule[0] : 'it lies beside the images';
}
