import { asRecord, idOf, type JsonRecord } from '../../lib/json-records.js';
import { toNumber } from '../../lib/numbers.js';
import { DatasetError } from '../model/errors.js';
import type { SourceBox } from '../model/types.js';

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
  /** Boxes that are their own polygon's only with x and y exchanged. */
  readonly swapped: number;
  /** Boxes taken from their polygon or mask because the bbox cannot be used, by what the bbox is. */
  readonly fromShapes: Readonly<Record<string, number>>;
  /** Boxes without a shape that were read in the convention of the file's other boxes, by its name. */
  readonly converted: Readonly<Record<string, number>>;
  /** Boxes that mark another place than their own polygon or mask. */
  readonly disagreeing: number;
}

/** An image whose annotations are still being read. */
export interface DraftImage extends CocoImage {
  width: number | null;
  height: number | null;
  records: number;
  readonly boxes: SourceBox[];
  readonly dropped: Record<string, number>;
  swapped: number;
  readonly fromShapes: Record<string, number>;
  readonly converted: Record<string, number>;
  disagreeing: number;
}

/** Returns the images by id. Two file names under one id would make its annotations ambiguous. */
export function readImages(path: string, records: readonly unknown[]): Map<string, DraftImage> {
  const byId = new Map<string, DraftImage>();
  for (const [index, value] of records.entries()) {
    const fields = asRecord(value);
    const { id, width, height } = fields;
    const name = fileNameOf(fields);
    const record = `images[${index}]`;
    const refuse = (what: string): never => {
      throw new DatasetError('CocoInvalid', `${path}: ${record} ${what}. Export it again.`, {
        file: path,
        record,
      });
    };
    if (name === undefined) return refuse('has no file_name');
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

/** Members that name the image's file, in the order in which they are tried. */
const NAME_MEMBERS = ['file_name', 'path', 'coco_url', 'filename', 'name', 'flickr_url', 'url'];

function fileNameOf(fields: JsonRecord): string | undefined {
  const names = NAME_MEMBERS.map((member) => fields[member]);
  const name = names.find(
    (value) => (typeof value === 'string' && value !== '') || typeof value === 'number',
  );
  return name === undefined ? undefined : String(name);
}

/** Sizes that contradict each other count as unknown, in any order. */
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
    fromShapes: {},
    converted: {},
    disagreeing: 0,
  };
}

function positive(value: unknown): number | null {
  const number = toNumber(value);
  return number !== undefined && number > 0 ? number : null;
}
