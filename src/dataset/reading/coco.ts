import { asRecord, idOf } from '../../lib/json-records.js';
import { toNumber } from '../../lib/numbers.js';
import { visit } from '../../lib/steps.js';
import { DatasetError } from '../model/errors.js';
import type { ReadingSettings } from '../model/settings.js';
import type { SourceBox } from '../model/types.js';
import { readAnnotation } from './annotations.js';
import { definedLabels, readCategories } from './categories.js';
import { JsonScanner } from './json-scanner.js';

/** One COCO file, its ids resolved: they mean nothing outside it. */
export interface CocoFile {
  readonly path: string;
  readonly images: readonly CocoImage[];
  /** Classes that the file defines, with annotations or without. */
  readonly defined: readonly string[];
  /** Annotations that belong to no image of the file. */
  readonly orphans: number;
  /** Whether any image has a box that can be used; captions and keypoints may have none. */
  readonly hasBoxes: boolean;
}

export interface CocoImage {
  /** In this file alone. */
  readonly id: string;
  /** As the file has it, backslashes turned into slashes. */
  readonly fileName: string;
  readonly width: number | null;
  readonly height: number | null;
  /** Records that describe the image under one id; 1 but in broken exports. */
  readonly records: number;
  readonly boxes: readonly SourceBox[];
  /** Annotations of the image that can't be used, by reason. */
  readonly dropped: Readonly<Record<string, number>>;
  /** Boxes that lie on their own polygon only with x and y exchanged. */
  readonly swapped: number;
}

interface DraftImage extends CocoImage {
  width: number | null;
  height: number | null;
  records: number;
  readonly boxes: SourceBox[];
  readonly dropped: Record<string, number>;
  swapped: number;
}

const LIST_NAMES = ['images', 'annotations', 'categories'] as const;
type ListName = (typeof LIST_NAMES)[number];

interface Element {
  readonly list: ListName;
  readonly value: unknown;
}

/**
 * Reads a JSON file as COCO; undefined where it is some other JSON (no `images` or no `annotations` list).
 * Annotations, the bulk of such a file, are parsed one by one in a second pass and kept as boxes alone. Pauses.
 * @throws DatasetError CocoInvalid where it is COCO but broken as a whole
 */
export function* readCocoFile(
  path: string,
  bytes: Uint8Array,
  settings: ReadingSettings,
): Generator<undefined, CocoFile | undefined> {
  const records: unknown[] = [];
  const categories: unknown[] = [];
  const lists = yield* visit(scan(path, bytes, ['images', 'categories']), ({ list, value }) => {
    (list === 'images' ? records : categories).push(value);
  });
  if (!lists.has('images') || !lists.has('annotations')) return undefined;
  const labels = readCategories(path, categories);
  const images = readImages(path, records);
  let orphans = 0;
  yield* visit(scan(path, bytes, ['annotations']), ({ value }) => {
    const annotation = asRecord(value);
    const image = images.get(idOf(annotation.image_id) ?? '');
    if (!image) {
      orphans += 1;
      return;
    }
    const read = readAnnotation(annotation, labels, settings);
    if ('dropped' in read) image.dropped[read.dropped] = (image.dropped[read.dropped] ?? 0) + 1;
    else {
      image.boxes.push(read.box);
      image.swapped += read.swapped ? 1 : 0;
    }
  });
  const list = [...images.values()];
  const hasBoxes = list.some(({ boxes }) => boxes.length > 0);
  return { path, images: list, defined: definedLabels(categories), orphans, hasBoxes };
}

const COCO_MEMBERS: ReadonlySet<string> = new Set([
  'info',
  'licenses',
  'images',
  'annotations',
  'categories',
]);
const COCO_NAME = /(?:annotations|coco|instances)[^/]*\.json$/i;

/** The elements of the lists that are wanted; returns which of COCO's lists the file has. */
function* scan(
  path: string,
  bytes: Uint8Array,
  wanted: readonly ListName[],
): Generator<Element, ReadonlySet<ListName>> {
  const lists = new Set<ListName>();
  let isCoco = COCO_NAME.test(path);
  const scanner = new JsonScanner(path, bytes);
  try {
    for (const key of scanner.members()) {
      isCoco ||= COCO_MEMBERS.has(key);
      const list = LIST_NAMES.find((name) => name === key && scanner.isArray());
      if (list && lists.has(list)) throw repeatedList(path, list);
      if (list) lists.add(list);
      if (list && wanted.includes(list)) for (const value of scanner.elements()) yield { list, value };
      else scanner.skip();
    }
  } catch (error) {
    // Settings with comments, lines of JSON and the like lie in archives too; they hold no annotations to lose.
    if (isCoco) throw error;
    return new Set();
  }
  return lists;
}

function repeatedList(path: string, list: ListName): DatasetError {
  return new DatasetError(
    'CocoInvalid',
    `${path} has the list ${list} twice; which of them counts can't be told. Export it again.`,
    { file: path, record: list },
  );
}

/** By id. Two files under one id would make its annotations ambiguous. */
function readImages(path: string, records: readonly unknown[]): Map<string, DraftImage> {
  const byId = new Map<string, DraftImage>();
  for (const [index, value] of records.entries()) {
    const { id, file_name: name, width, height } = asRecord(value);
    const record = `images[${index}]`;
    const refuse = (what: string): never => {
      throw new DatasetError('CocoInvalid', `${path}: ${record} ${what}. Export it again.`, {
        file: path,
        record,
      });
    };
    if (typeof name !== 'string' || name === '') return refuse('has no file_name');
    const key = idOf(id);
    if (key === undefined) return refuse('has no id');
    const fileName = name.replaceAll('\\', '/');
    const known = byId.get(key);
    if (known && known.fileName !== fileName) refuse(`has the id ${key}, which another image has too`);
    if (known) addRecord(known, positive(width), positive(height));
    else byId.set(key, draft(key, fileName, width, height));
  }
  return byId;
}

/** Sizes that contradict each other are none, whichever comes first. */
function addRecord(known: DraftImage, width: number | null, height: number | null): void {
  known.records += 1;
  if (known.width !== width) known.width = null;
  if (known.height !== height) known.height = null;
}

function draft(id: string, fileName: string, width: unknown, height: unknown): DraftImage {
  return {
    id,
    fileName,
    width: positive(width),
    height: positive(height),
    records: 1,
    boxes: [],
    dropped: {},
    swapped: 0,
  };
}

function positive(value: unknown): number | null {
  const number = toNumber(value);
  return number !== undefined && number > 0 ? number : null;
}
