/** Which of several files of one name a record means, by the folders that its file_name and its COCO file name. */

import { baseName } from '../../lib/base-name.js';
import { type SubsetName, subsetNamed } from '../model/exported-side.js';

/** Folders that only say that there are images in them. */
const ANY_IMAGES = /^(?:images?|imgs?|pictures?|photos?|data)$/;

/** Words that exporters write around a subset's name: `instances_train2017`, `train_annotations`, `train.coco`. */
const AROUND_SUBSET =
  /^(?:instances|person_keypoints|labels|annotations|coco)[_-]|[_.-](?:annotations?|labels|coco|instances)$/gi;

/** The name of a COCO file without extension and without the words around the name of its subset. */
export const subsetIn = (cocoFile: string) =>
  baseName(cocoFile)
    .replace(/\.json$/i, '')
    .replace(AROUND_SUBSET, '');

/** A file with the folders that tell it from the other candidates, in lower case. */
interface Candidate {
  readonly path: string;
  readonly folders: readonly string[];
  readonly own: readonly string[];
}

/**
 * Returns the only file whose folders the file_name states, or that the COCO file names by its folders or its split.
 * Returns undefined if none or several fit, or if file_name and COCO file name different ones.
 */
export function chooseByFolders(
  candidates: readonly string[],
  fileName: string,
  cocoFile: string,
): string | undefined {
  const listed = candidatesOf(candidates);
  const stated = foldersOf(fileName);
  const byPath = byStatedFolders(listed, stated);
  const byCoco = byCocoFile(listed, [...foldersOf(cocoFile), subsetIn(cocoFile)]);
  const other = byCoco && subsetAmong(byCoco.own) !== (subsetAmong(stated) ?? subsetAmong(byCoco.own));
  if (other || (byPath && byCoco && byPath !== byCoco)) return undefined;
  return (byPath ?? byCoco)?.path;
}

function candidatesOf(paths: readonly string[]): Candidate[] {
  const listed = paths.map((path) => ({ path, folders: foldersOf(path) }));
  const isCommon = (folder: string) =>
    listed.length === 1 ? ANY_IMAGES.test(folder) : listed.every(({ folders }) => folders.includes(folder));
  return listed.map((one) => ({ ...one, own: one.folders.filter((folder) => !isCommon(folder)) }));
}

/** The candidate all of whose own folders are stated, and whose path ends like the stated one for the most folders. */
function byStatedFolders(listed: readonly Candidate[], stated: readonly string[]): Candidate | undefined {
  const fitting = listed.flatMap((one) => {
    const same = sameAtEnd(one.folders, stated);
    const isStated = one.own.every((folder) => stated.includes(folder)) && (one.own.length > 0 || same > 0);
    return isStated ? [{ one, same }] : [];
  });
  const most = Math.max(...fitting.map(({ same }) => same));
  return onlyOf(fitting.filter(({ same }) => same === most))?.one;
}

/** @param words names of the COCO file's folders and of its subset, the most specific last */
function byCocoFile(listed: readonly Candidate[], words: readonly string[]): Candidate | undefined {
  const folders = new Set(words.map((word) => word.toLowerCase()));
  const named = listed.filter(({ own }) => own.length > 0 && own.every((folder) => folders.has(folder)));
  const subset = subsetAmong(words);
  return (
    onlyOf(named) ?? onlyOf(listed.filter(({ own }) => subset !== undefined && subsetAmong(own) === subset))
  );
}

/** Whether a name states another folder than the file lies in. Folders such as `images/` in between do not count. */
export function isInOtherFolder(fileName: string, path: string): boolean {
  const stated = foldersOf(fileName).at(-1);
  const folders = foldersOf(path);
  const actual = ANY_IMAGES.test(stated ?? '')
    ? folders.at(-1)
    : folders.findLast((folder) => !ANY_IMAGES.test(folder));
  return stated !== undefined && folders.length > 0 && stated !== actual;
}

/** The split that the folders of a path name, the innermost first; undefined if none does. */
export const subsetOf = (path: string): SubsetName | undefined => subsetAmong(foldersOf(path));

/** The split that folders name, the innermost first. */
function subsetAmong(folders: readonly string[]): SubsetName | undefined {
  const words = folders.toReversed().flatMap((folder) => folder.split(/[^\p{L}\p{N}]+/u));
  return words.map(subsetNamed).find((name) => name !== undefined);
}

function sameAtEnd(a: readonly string[], b: readonly string[]): number {
  let same = 0;
  while (same < a.length && same < b.length && a.at(-1 - same) === b.at(-1 - same)) same += 1;
  return same;
}

/** The folders of a path in lower case, the outermost first; words within a name are divided as in `train_images`. */
function foldersOf(path: string): string[] {
  return path
    .split('/')
    .slice(0, -1)
    .filter((folder) => folder !== '')
    .map((folder) => folder.replace(/(?<=\p{Ll})(?=\p{Lu})/gu, '_').toLowerCase());
}

const onlyOf = <One>(list: readonly One[]): One | undefined => (list.length === 1 ? list[0] : undefined);
