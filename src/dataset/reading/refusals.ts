import { groupBy } from '../../lib/group-by.js';
import { byCodePoint } from '../../lib/order.js';
import { shortInMiddle } from '../../lib/short-text.js';
import type { Steps } from '../../lib/steps.js';
import { DatasetError, MAX_REFUSAL_EXAMPLES } from '../model/errors.js';
import { MAX_MESSAGE } from '../model/message-length.js';
import { droppedText } from '../model/outcome-names.js';
import { describeRejected, listRejected } from '../model/rejected.js';
import type { ArchiveEntry, RejectedRecord } from '../model/types.js';
import type { CocoFile } from './coco.js';
import type { JsonFile } from './json-file.js';
import { likelyDifference } from './name-differences.js';
import { nestedArchives, unpackAdvice } from './nested-archives.js';
import { describeArchive } from './other-exports.js';
import { baseName, folderOf, isImageFile } from './resolve.js';

/** Maximum names of each side that a message shows. */
const SHOWN_NAMES = 5;
/** Characters of a folder that a message shows. */
const MAX_FOLDER = 30;
/** Characters of an id that a message shows. */
const MAX_ID = 60;

/**
 * Refuses an archive none of whose image records has a file.
 * @param names the file names of these records, as the COCO files write them
 * @param files the COCO files
 */
export function noUsableImages(
  missing: readonly RejectedRecord[],
  names: readonly string[],
  paths: readonly string[],
  files: readonly CocoFile[],
): DatasetError {
  const listed = listRejected(missing);
  const images = paths.filter(isImageFile).sort(byCodePoint);
  const named = [...new Set(names)].sort(byCodePoint);
  const [inner] = nestedArchives(paths);
  const difference = likelyDifference(
    missing.map(({ path }) => path),
    images,
  );
  const folders = foldersOfSame(named, images);
  const hint =
    folders !== undefined
      ? ` Images of the same names are in ${folders}, but nothing shows that they are meant.`
      : difference === undefined
        ? ''
        : ` The names seem to differ in ${difference.name}, but some fit several files or none.`;
  const rename = 'Rename the files, correct each file_name, or export images and annotations together.';
  const advice =
    inner !== undefined
      ? unpackAdvice(inner)
      : images.length === 0
        ? 'Export the images with the annotations.'
        : rename;
  const message = (stated: string, there: string) =>
    `No image that the COCO files name is in the archive (${missing.length} missing). They name ${stated}. The archive has ${there}.${hint} ${advice}`;
  const room = MAX_MESSAGE - message('', '').length;
  const there = images.length === 0 ? 'no image files' : firstNames(images, room / 2);
  return new DatasetError(
    'NoUsableImages',
    missing.length === 0 ? noImageDescribed(files) : message(firstNames(named, room - there.length), there),
    { count: missing.length, examples: listed.slice(0, MAX_REFUSAL_EXAMPLES).map(describeRejected) },
    listed,
  );
}

/** The folders of the images that have exactly the first of these names; undefined if none has. */
function foldersOfSame([first = '']: readonly string[], images: readonly string[]): string | undefined {
  const same = images.filter((path) => baseName(path) === baseName(first));
  if (same.length === 0) return undefined;
  const [folder = '', ...others] = same.map((path) => `${folderOf(path)}/`);
  const next = others[0] === undefined ? '' : ` and ${shortInMiddle(others[0], MAX_FOLDER)}`;
  return `${shortInMiddle(folder, MAX_FOLDER)}${next}`;
}

/** The first of some names within so many characters; at least one, which is shortened if it is long. */
function firstNames(names: readonly string[], characters: number): string {
  const [first = '', ...others] = names.slice(0, SHOWN_NAMES);
  let listed = shortInMiddle(first, Math.floor(characters));
  for (const name of others) {
    const longer = `${listed}, ${name}`;
    if (longer.length > characters) break;
    listed = longer;
  }
  return listed;
}

/** The message about files without a usable image record, with what is wrong with the first record. */
function noImageDescribed(files: readonly CocoFile[]): string {
  const sorted = [...files].sort((a, b) => byCodePoint(a.path, b.path));
  const [first] = sorted.flatMap(({ path, unusableRecords: [record] }) =>
    record === undefined ? [] : [` In ${path}, ${record}.`],
  );
  return `The COCO files describe no image with an id and a file_name.${first ?? ''} Export the dataset with its images.`;
}

/**
 * Refuses COCO files of which no annotation is left, if annotations lack what COCO needs, or refer to images or categories
 * that do not exist.
 * @param dropped all annotations by the reason for which they were dropped
 * @throws DatasetError NoUsableImages with what annotations have instead, and with ids of both sides
 */
export function refuseUnknownIds(
  files: readonly CocoFile[],
  dropped: Readonly<Record<string, number>>,
): void {
  const sentences = [
    ...faultSentences(files),
    ...unknownImages(files.find(({ orphanIds }) => orphanIds.length > 0)),
    ...unknownCategories(files.find(({ undefinedIds }) => undefinedIds.length > 0)),
  ];
  if (sentences.length === 0) return;
  const found = Object.values(dropped).reduce((sum, count) => sum + count, 0);
  throw new DatasetError(
    'NoUsableImages',
    `None of the ${found} annotations can be used: ${droppedText(dropped)}. ${sentences.join(' ')}`,
    { count: files.reduce((sum, { images }) => sum + images.length, 0) },
  );
}

/** The first fault of each member that annotations of the first such file lack. */
function faultSentences(files: readonly CocoFile[]): string[] {
  const file = files.find(({ faults }) => faults.length > 0);
  const firsts = [...groupBy(file?.faults ?? [], ({ member }) => member).values()].flatMap(
    ([first]) => first ?? [],
  );
  return firsts.map(
    ({ index, what, advice }) => `In ${file?.path}, annotations[${index}] ${what}. ${advice}`,
  );
}

function unknownImages(file: CocoFile | undefined): string[] {
  if (!file) return [];
  const ids = file.images.map(({ id }) => id.slice(0, MAX_ID));
  return [
    `In ${file.path}, annotations have an image_id such as ${firstOf(file.orphanIds)}, but images have an id such as ${firstOf(ids)}. Export images and annotations together.`,
  ];
}

function unknownCategories(file: CocoFile | undefined): string[] {
  if (!file) return [];
  const used = `In ${file.path}, annotations have a category_id such as ${firstOf(file.undefinedIds)}, but`;
  return file.categoryIds.length === 0
    ? [`${used} the file defines no categories. Export it with its categories.`]
    : [
        `${used} categories have an id such as ${firstOf(file.categoryIds.map((id) => id.slice(0, MAX_ID)))}. Export it with all its categories.`,
      ];
}

/** The first ids by code point, which are the same in any order of the file. */
const firstOf = (ids: readonly string[]) => [...ids].sort(byCodePoint).slice(0, SHOWN_NAMES).join(', ');

/** Refuses an archive without COCO annotations. Yields regularly. */
export function* cocoMissing(
  jsonFiles: readonly JsonFile[],
  entries: readonly ArchiveEntry[],
  otherFiles: readonly JsonFile[],
): Steps<DatasetError> {
  const json = [...jsonFiles].sort((a, b) => byCodePoint(a.path, b.path));
  const paths = entries.map(({ path }) => path);
  const { what, advice, file } = yield* describeArchive(paths, json, otherFiles);
  return new DatasetError('CocoMissing', `The archive has no usable COCO file: ${what}. ${advice}`, {
    ...(file === undefined ? {} : { file }),
    examples: json.slice(0, MAX_REFUSAL_EXAMPLES).map(({ path }) => path),
    count: json.length,
  });
}
