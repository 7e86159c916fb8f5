import { groupBy } from '../../lib/group-by.js';
import { byCodePoint } from '../../lib/order.js';
import { shortText } from '../../lib/short-text.js';
import type { Steps } from '../../lib/steps.js';
import { DatasetError, MAX_REFUSAL_EXAMPLES } from '../model/errors.js';
import { droppedText } from '../model/outcome-names.js';
import { describeRejected, listRejected } from '../model/rejected.js';
import type { ArchiveEntry, RejectedRecord } from '../model/types.js';
import type { CocoFile } from './coco.js';
import type { JsonFile } from './json-file.js';
import { likelyDifference } from './name-differences.js';
import { nestedArchives, unpackAdvice } from './nested-archives.js';
import { describeArchive } from './other-exports.js';
import { isImageFile } from './resolve.js';

/** Maximum names of each side that a message shows, and their characters: some tools write a whole image into file_name. */
const SHOWN_NAMES = 5;
const NAME_CHARACTERS = 130;
/** Characters of an id that a message shows. */
const MAX_ID = 60;

/**
 * Refuses an archive none of whose image records has a file.
 * @param names the file names of these records, as the COCO files write them
 */
export function noUsableImages(
  missing: readonly RejectedRecord[],
  names: readonly string[],
  paths: readonly string[],
): DatasetError {
  const listed = listRejected(missing);
  const images = paths.filter(isImageFile).sort(byCodePoint);
  const named = [...new Set(names)].sort(byCodePoint);
  const there =
    images.length === 0 ? 'The archive has no image files' : `The archive has ${firstNames(images)}`;
  const [inner] = nestedArchives(paths);
  const difference = likelyDifference(
    missing.map(({ path }) => path),
    images,
  );
  const hint =
    difference === undefined
      ? ''
      : ` The names seem to differ in ${difference.name}, but some fit several files or none.`;
  const rename =
    'Rename the files or correct each file_name so that they are the same, or export images and annotations together.';
  const advice =
    inner !== undefined
      ? unpackAdvice(inner)
      : images.length === 0
        ? 'Export the images with the annotations.'
        : rename;
  return new DatasetError(
    'NoUsableImages',
    missing.length === 0
      ? 'The COCO files describe no image with an id and a file_name. Export the dataset with its images.'
      : `No image that the COCO files name is in the archive (${missing.length} missing). They name ${firstNames(named)}. ${there}.${hint} ${advice}`,
    { count: missing.length, examples: listed.slice(0, MAX_REFUSAL_EXAMPLES).map(describeRejected) },
    listed,
  );
}

/** The first of some names, as many as a message can show; at least one, which is cut if it is long. */
function firstNames(names: readonly string[]): string {
  const [first = '', ...others] = names.slice(0, SHOWN_NAMES);
  const shown = [shortText(first, NAME_CHARACTERS)];
  let left = NAME_CHARACTERS - first.length;
  for (const name of others) {
    left -= name.length;
    if (left < 0) break;
    shown.push(name);
  }
  return shown.join(', ');
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
