import { parseJsonHead } from '../../lib/json-head.js';
import { asRecord } from '../../lib/json-records.js';
import { byCodePoint } from '../../lib/order.js';
import type { Steps } from '../../lib/steps.js';
import { DatasetError } from '../model/errors.js';
import { lookOf } from '../model/label-look.js';
import type { CocoFile } from './coco.js';
import { annotationsOf } from './image-records.js';
import type { JsonFile } from './json-file.js';
import { textOf } from './other-files.js';
import type { Placements } from './placements.js';
import { hasNameOfCopy } from './preference.js';
import { unlistedImages } from './unlisted.js';

/** A COCO file that cannot be read as a whole, such as one that ends in the middle. */
export interface BrokenFile {
  readonly json: JsonFile;
  readonly refusal: DatasetError;
}

/** The COCO files that can be read, and where their images are. */
interface OtherFiles {
  readonly files: readonly CocoFile[];
  readonly placed: Placements;
  /** All paths of the archive. */
  readonly paths: readonly string[];
}

/**
 * Returns the broken files that are not needed, each with the reason, because other files describe all images of the archive.
 * Only a file that is named like a copy is not needed if some of these images have no annotations; any other file may label
 * them, or objects of classes that the other files do not define. Files that are all named like copies replace no other file.
 * @throws DatasetError the refusal of the first file that may be needed
 */
export function* unneededFiles(broken: readonly BrokenFile[], others: OtherFiles): Steps<string[]> {
  const { files, placed, paths } = others;
  const areListed = placed.size > 0 && unlistedImages(paths, new Set(placed.keys())).length === 0;
  const areLabelled = [...placed.values()].every((all) => all.some(({ image }) => annotationsOf(image) > 0));
  const areCopies = files.every(({ path }) => hasNameOfCopy(path));
  const defined = new Set(files.flatMap((file) => file.defined).map(lookOf));
  const reasons: string[] = [];
  for (const { json, refusal } of [...broken].sort((a, b) => byCodePoint(a.json.path, b.json.path))) {
    const classes = yield* classesOf(json);
    const hasNoOther = classes?.every((name) => defined.has(lookOf(name))) ?? false;
    const isUnneeded = areListed && (hasNameOfCopy(json.path) || (!areCopies && areLabelled && hasNoOther));
    if (!isUnneeded) throw files.length > 0 ? orRemove(refusal) : refusal;
    reasons.push(`${json.path}: it cannot be read, and other files describe all images`);
  }
  return reasons;
}

/** The names of the classes of a file; undefined if its beginning does not have all of them. */
function* classesOf(json: JsonFile): Steps<string[] | undefined> {
  const head = parseJsonHead(yield* textOf(json));
  const value = asRecord(head?.value);
  const { categories } = value;
  const isComplete = head?.isWhole === true || Object.keys(value).at(-1) !== 'categories';
  if (!Array.isArray(categories) || !isComplete) return undefined;
  const names = categories.map((category) => asRecord(category).name);
  return names.every((name) => typeof name === 'string') ? names : undefined;
}

const orRemove = ({ type, message, details }: DatasetError) =>
  new DatasetError(type, `${message} If other COCO files have all labels, remove it.`, details);
