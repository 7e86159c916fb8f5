import { JsonScanner } from './coco-json.js';
import { DatasetError } from './errors.js';
import { maskBox, polygonBox } from './masks.js';

/** One COCO file, its ids resolved: they mean nothing outside it. */
export interface CocoFile {
  readonly path: string;
  readonly images: readonly CocoImage[];
  /** Annotations that belong to no image of the file. */
  readonly orphans: number;
}

export interface CocoImage {
  /** As the file has it, backslashes turned into slashes. */
  readonly fileName: string;
  readonly width: number | null;
  readonly height: number | null;
  readonly annotations: readonly CocoAnnotation[];
  /** Annotations of the image that can't be used, by reason. */
  readonly dropped: Readonly<Record<string, number>>;
}

export interface CocoAnnotation {
  readonly label: string;
  /** x, y, width, height in pixels. */
  readonly bbox: readonly [number, number, number, number];
}

type JsonRecord = Readonly<Record<string, unknown>>;

interface DraftImage extends CocoImage {
  readonly annotations: CocoAnnotation[];
  readonly dropped: Record<string, number>;
  /** Boxes with their labels, to tell repeated annotations. */
  readonly seen: Set<string>;
}

const MAX_LABEL_LENGTH = 255;

/**
 * Reads a JSON file as COCO; undefined where it is some other JSON (no `images` or no `annotations` list).
 * @throws DatasetError CocoInvalid where it is COCO but broken as a whole
 */
export function readCocoFile(path: string, bytes: Uint8Array): CocoFile | undefined {
  const lists = scan(path, bytes);
  if (!lists) return undefined;
  const labels = readCategories(path, lists.categories);
  const images = readImages(path, lists.images);
  let orphans = 0;
  for (const value of lists.annotations) {
    const annotation = asRecord(value);
    const image = images.get(idOf(annotation.image_id));
    if (image) addAnnotation(annotation, labels, image);
    else orphans += 1;
  }
  return { path, images: [...images.values()], orphans };
}

function scan(path: string, bytes: Uint8Array) {
  const lists = { images: [] as unknown[], annotations: [] as unknown[], categories: [] as unknown[] };
  const found = new Set<string>();
  const scanner = new JsonScanner(path, bytes);
  const isObject = scanner.members((key) => {
    if (!(key === 'images' || key === 'annotations' || key === 'categories') || !scanner.isArray()) {
      scanner.skip();
      return;
    }
    found.add(key);
    const list = lists[key];
    scanner.elements((element) => list.push(element));
  });
  return isObject && found.has('images') && found.has('annotations') ? lists : undefined;
}

function readCategories(path: string, categories: readonly unknown[]): Map<string, string> {
  const labels = new Map<string, string>();
  categories.forEach((category, index) => {
    const { id, name } = asRecord(category);
    const record = `categories[${index}]`;
    if (typeof name !== 'string' || name.trim() === '' || /[\r\n]/.test(name)) {
      throw new DatasetError(
        'CocoInvalid',
        `${path}: ${record} has no usable name. Name the class and export again.`,
        {
          file: path,
          record,
        },
      );
    }
    if (name.length > MAX_LABEL_LENGTH) {
      throw new DatasetError(
        'CocoInvalid',
        `${path}: ${record} has a name of ${name.length} characters; the service takes ${MAX_LABEL_LENGTH}. Shorten it.`,
        { file: path, record },
      );
    }
    labels.set(idOf(id), name.trim());
  });
  return labels;
}

/** By id. A second record of one id would make its annotations ambiguous. */
function readImages(path: string, images: readonly unknown[]): Map<string, DraftImage> {
  const byId = new Map<string, DraftImage>();
  images.forEach((image, index) => {
    const { id, file_name: fileName, width, height } = asRecord(image);
    const record = `images[${index}]`;
    if (typeof fileName !== 'string' || fileName === '') {
      throw new DatasetError('CocoInvalid', `${path}: ${record} has no file_name. Export it again.`, {
        file: path,
        record,
      });
    }
    const key = idOf(id);
    if (byId.has(key)) {
      throw new DatasetError(
        'CocoInvalid',
        `${path}: ${record} has the id ${key}, which another image has too. Export it again.`,
        { file: path, record },
      );
    }
    byId.set(key, {
      fileName: fileName.replaceAll('\\', '/'),
      width: positive(width),
      height: positive(height),
      annotations: [],
      dropped: {},
      seen: new Set(),
    });
  });
  return byId;
}

function addAnnotation(annotation: JsonRecord, labels: ReadonlyMap<string, string>, image: DraftImage): void {
  const label = labels.get(idOf(annotation.category_id));
  const box = boxOf(annotation);
  const problem =
    problemOf(annotation, label, box) ?? (isRepeated(image, label, box) ? 'duplicate' : undefined);
  if (problem) image.dropped[problem] = (image.dropped[problem] ?? 0) + 1;
  else if (label !== undefined && box) image.annotations.push({ label, bbox: box });
}

function problemOf(
  annotation: JsonRecord,
  label: string | undefined,
  box: CocoAnnotation['bbox'] | undefined,
): string | undefined {
  if (label === undefined) return 'unknown-category';
  if (toNumber(annotation.iscrowd) === 1) return 'crowd';
  if (!box) return 'invalid-box';
  if (box[2] <= 0 || box[3] <= 0) return 'empty-box';
  return undefined;
}

/** The same box in two classes is two annotations; in one class it is one, made twice. */
function isRepeated(
  image: DraftImage,
  label: string | undefined,
  box: CocoAnnotation['bbox'] | undefined,
): boolean {
  const identity = `${box?.join(',')},${label}`;
  if (image.seen.has(identity)) return true;
  image.seen.add(identity);
  return false;
}

/** The bbox, or the bounds of the polygon or mask where there is none. */
function boxOf(annotation: JsonRecord): CocoAnnotation['bbox'] | undefined {
  if (annotation.bbox !== undefined && annotation.bbox !== null) {
    const { bbox } = annotation;
    if (!Array.isArray(bbox) || bbox.length !== 4) return undefined;
    const [x, y, width, height] = bbox.map(toNumber);
    if (x === undefined || y === undefined || width === undefined || height === undefined) return undefined;
    return [x, y, width, height];
  }
  const { segmentation } = annotation;
  if (Array.isArray(segmentation)) return polygonBox(segmentation);
  if (typeof segmentation === 'object' && segmentation !== null) return maskBox(asRecord(segmentation));
  return undefined;
}

/** A finite number; some exporters write numbers as text. */
export function toNumber(value: unknown): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

function positive(value: unknown): number | null {
  const number = toNumber(value);
  return number !== undefined && number > 0 ? number : null;
}

/** Ids are numbers in most exports and texts in some; `1` and `"1"` are the same id. */
function idOf(value: unknown): string {
  return typeof value === 'number' || typeof value === 'string' ? String(value) : 'none';
}

function asRecord(value: unknown): JsonRecord {
  return typeof value === 'object' && value !== null ? (value as JsonRecord) : {};
}
