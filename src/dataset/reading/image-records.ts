import { asRecord, idOf, type JsonRecord } from '../../lib/json-records.js';
import { toNumber } from '../../lib/numbers.js';
import { shortJson } from '../../lib/short-json.js';
import { DatasetError } from '../model/errors.js';
import type { SourceBox } from '../model/types.js';
import { isDeleted } from './marks.js';
import { type Fault, faultOf } from './misnamed.js';
import { isImageFile } from './resolve.js';
import { SmallestTexts } from './smallest-texts.js';

export interface CocoImage {
  /** Unique in this file only. */
  readonly id: string;
  /** As the file states it, with backslashes turned into slashes. */
  readonly fileName: string;
  readonly width: number | null;
  readonly height: number | null;
  /** Records that describe the image under one id; above 1 only in broken exports. */
  readonly records: number;
  readonly boxes: readonly SourceBox[];
  /** Unusable annotations of the image, by reason. */
  readonly dropped: Readonly<Record<string, number>>;
  /** One bbox that cannot be used, as text, by the reason in `dropped`. */
  readonly badBoxes: Readonly<Record<string, string>>;
  /** Boxes that equal the bounds of their own polygon only if x and y are exchanged. */
  readonly swapped: number;
  /** Boxes taken from their polygon or mask because the bbox cannot be used, by what the bbox is. */
  readonly fromShapes: Readonly<Record<string, number>>;
  /** Boxes without a shape that were read in the convention of the file's other boxes, by its name. */
  readonly converted: Readonly<Record<string, number>>;
  /** Boxes whose polygon or mask is not written as COCO defines it, by what it is. */
  readonly shapesRead: Readonly<Record<string, number>>;
  /** Boxes that are the bounds of their polygon or mask, for any reason. */
  readonly ofShapes: number;
  /** Boxes that mark another place than their own polygon or mask. */
  readonly disagreeing: number;
  /** Boxes with a rotation that was applied, though no polygon or mask shows it. */
  readonly turned: number;
  /** Boxes with a rotation that was not applied. */
  readonly unturned: number;
  /** Boxes with a mark that says that they may not be labels to learn, by the mark. */
  readonly marked: Readonly<Record<string, number>>;
  /** Boxes with the score of a model. */
  readonly predicted: number;
  /** Whether a record is marked as deleted, so that no annotation of the image counts. */
  readonly isDeleted: boolean;
}

/** An image whose annotations are still being read. */
export interface DraftImage extends CocoImage {
  width: number | null;
  height: number | null;
  records: number;
  boxes: SourceBox[];
  // Replaced instead of changed, so that images without such annotations share one object.
  dropped: Readonly<Record<string, number>>;
  badBoxes: Readonly<Record<string, string>>;
  swapped: number;
  fromShapes: Readonly<Record<string, number>>;
  converted: Readonly<Record<string, number>>;
  shapesRead: Readonly<Record<string, number>>;
  ofShapes: number;
  disagreeing: number;
  turned: number;
  unturned: number;
  marked: Readonly<Record<string, number>>;
  predicted: number;
  isDeleted: boolean;
}

/** What is wrong with an image record. */
interface RecordFault extends Fault {
  /** The same in words that do not depend on the order of the records, if `what` does. */
  readonly anyOrder?: string;
}

/** An image record that cannot be read. Only an annotation that refers to it is an error. */
export interface UnusableRecord {
  readonly index: number;
  /** Such as `has no id`, and what to do about it. */
  readonly fault: RecordFault;
}

/** The image records of a file that cannot be read. */
export interface UnusableImages {
  readonly count: number;
  readonly first: UnusableRecord | undefined;
  readonly byId: ReadonlyMap<string, UnusableRecord>;
  /** What is wrong with some of them, without their position, which depends on the order of the file. */
  readonly examples: readonly string[];
}

export interface ImageRecords {
  /** Path of the COCO file. */
  readonly path: string;
  /** The images by id, without boxes. */
  readonly images: Map<string, DraftImage>;
  readonly unusable: UnusableImages;
  /** Whether records have members of Azure, whose COCO files have boxes in fractions. */
  readonly areOfAzure: boolean;
}

/** Reads the image records of a COCO file. Two file names under one id would make its annotations ambiguous. */
export class ImageReader {
  readonly #images = new Map<string, DraftImage>();
  readonly #unusableById = new Map<string, UnusableRecord>();
  readonly #examples = new SmallestTexts();
  readonly #repeatedIds = new Set<string>();
  #records = 0;
  #ofAzure = 0;
  #unusable = 0;
  #firstUnusable: UnusableRecord | undefined;

  constructor(private readonly path: string) {}

  /** Reads the next record. */
  add(value: unknown): void {
    const index = this.#records;
    this.#records += 1;
    const fields = asRecord(value);
    const { width, height } = fields;
    if (isOfAzure(fields)) this.#ofAzure += 1;
    const id = idOf(fields.id);
    const fileName = (fileNameOf(fields) ?? imageNameIn(id))?.replaceAll('\\', '/');
    const known = id === undefined ? undefined : this.#images.get(id);
    if (fileName === undefined) this.#skip(index, faultOf(value, 'file_name'), { id, fileName });
    else if (id === undefined) this.#skip(index, faultOf(value, 'id'), { id, fileName });
    else if (this.#repeatedIds.has(id)) return;
    else if (known && known.fileName !== fileName) {
      this.#skip(index, sharedId(id, known.fileName, fileName), { id, fileName });
      this.#repeatedIds.add(id);
      this.#images.delete(id);
    } else {
      if (known) addRecord(known, positive(width), positive(height));
      const image = known ?? newDraft(id, fileName, positive(width), positive(height));
      image.isDeleted ||= isDeleted(fields);
      this.#images.set(id, image);
    }
  }

  /** The records that were read. */
  records(): ImageRecords {
    return {
      path: this.path,
      images: this.#images,
      unusable: {
        count: this.#unusable,
        first: this.#firstUnusable,
        byId: this.#unusableById,
        examples: this.#examples.texts,
      },
      areOfAzure: this.#ofAzure > 0,
    };
  }

  #skip(
    index: number,
    fault: RecordFault,
    { id, fileName }: { readonly id: string | undefined; readonly fileName: string | undefined },
  ): void {
    const record = { index, fault };
    this.#unusable += 1;
    this.#firstUnusable ??= record;
    if (id !== undefined) this.#unusableById.set(id, record);
    const named = id === undefined ? `image ${shortJson(fileName)}` : `image id ${id.slice(0, MAX_ID)}`;
    this.#examples.add(`${named} ${fault.anyOrder ?? fault.what}`);
  }
}

/** Whether an image record has a member that only COCO files for Azure AI Vision or of Azure Machine Learning have. */
const isOfAzure = ({ absolute_url: absolute, coco_url: url }: JsonRecord): boolean =>
  typeof absolute === 'string' || (typeof url === 'string' && /^AmlDatastore:/i.test(url));

/** The error of an annotation that refers to an unusable record. */
export function unusableError(path: string, { index, fault }: UnusableRecord): DatasetError {
  const record = `images[${index}]`;
  const message = `${path}: ${record} ${fault.what}. ${fault.advice}`;
  return new DatasetError('CocoInvalid', message, { file: path, record });
}

/** Replaces the images by the same ones without boxes, for another pass over the annotations. */
export function removeBoxes({ images }: ImageRecords): void {
  for (const { id, fileName, width, height, records, isDeleted } of images.values()) {
    images.set(id, { ...newDraft(id, fileName, width, height), records, isDeleted });
  }
}

/** Annotations of an image record, dropped ones included. */
export function annotationsOf(image: CocoImage): number {
  return image.boxes.length + Object.values(image.dropped).reduce((sum, n) => sum + n, 0);
}

/** The fault of a record that has the id of an image of another name, as in two exports that were joined by hand. */
function sharedId(id: string, first: string, second: string): RecordFault {
  return {
    what: `(${shortJson(second)}) has the id ${id.slice(0, MAX_ID)}, which the image ${shortJson(first)} has too`,
    anyOrder: 'has several records with different file names',
    advice:
      'Give each image an id of its own and write it into its annotations, or put the two exports into the ZIP as two COCO files in two folders.',
  };
}

/** Characters of an id that are shown. */
const MAX_ID = 60;

/** Members that name the image's file, in the order in which they are tried. */
const NAME_MEMBERS = ['file_name', 'path', 'coco_url', 'filename', 'name', 'flickr_url', 'url'];

function fileNameOf(fields: JsonRecord): string | undefined {
  const names = NAME_MEMBERS.map((member) => fields[member]);
  const name = names.find(
    (value) => (typeof value === 'string' && value !== '') || typeof value === 'number',
  );
  return name === undefined ? undefined : bounded(String(name));
}

/** Maximum characters of a name: more than any path in an archive or URL has. Some tools write a whole image into it. */
const MAX_NAME = 8_192;

/** Copies the beginning of a long name: a slice would keep all of it in memory. */
const bounded = (name: string) =>
  name.length <= MAX_NAME ? name : Buffer.from(name.slice(0, MAX_NAME)).toString();

/** The id, if it is the name of an image file: records that an object has by file name may not repeat the name. */
const imageNameIn = (id: string | undefined) => (id !== undefined && isImageFile(id) ? id : undefined);

/** Sizes that contradict each other count as unknown, in any order. */
function addRecord(known: DraftImage, width: number | null, height: number | null): void {
  known.records += 1;
  if (known.width !== width) known.width = null;
  if (known.height !== height) known.height = null;
}

const NONE: Readonly<Record<string, never>> = Object.freeze({});

function newDraft(id: string, fileName: string, width: number | null, height: number | null): DraftImage {
  return {
    id,
    fileName,
    width,
    height,
    records: 1,
    boxes: [],
    dropped: NONE,
    badBoxes: NONE,
    swapped: 0,
    fromShapes: NONE,
    converted: NONE,
    shapesRead: NONE,
    ofShapes: 0,
    disagreeing: 0,
    turned: 0,
    unturned: 0,
    marked: NONE,
    predicted: 0,
    isDeleted: false,
  };
}

function positive(value: unknown): number | null {
  const number = toNumber(value);
  return number !== undefined && number > 0 ? number : null;
}
