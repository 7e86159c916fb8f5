import { asRecord, type JsonRecord } from '../../lib/json-records.js';
import { shortJson } from '../../lib/short-json.js';

/** Members that records of a COCO file need. */
type Needed = 'id' | 'file_name' | 'name' | 'image_id' | 'category_id' | 'bbox';

/** What exporters call these members, without signs and in lower case. */
const OTHER_NAMES: Readonly<Record<Needed, RegExp>> = {
  id: /^(?:image|img|category|cat|class|label)?(?:id|idx|index|no|nr|number|key|uid|uuid)$/,
  file_name:
    /^(?:file|filename|filepath|image|imagename|imagefile|imagefilename|imagepath|img|imgname|src|source|uri)$/,
  name: /^(?:title|label|labelname|class|classname|category|categoryname|displayname)$/,
  image_id: /^(?:image|img|picture|photo|frame|file)(?:ids?|idx|index|no|nr|number|key|name)?$/,
  category_id:
    /^(?:category|categories|cat|class|classes|cls|labels?|type)(?:ids?|idx|index|no|nr|number|key|name)?$/,
  bbox: /^(?:bbox(?:es)?|box(?:es)?|boundingbox(?:es)?|bndbox|rect(?:angle)?|coordinates|coords|xywh|xyxy)$/,
};

/** What is wrong with a record, and what to do about it. */
export interface Fault {
  /** Continues the record, as in `images[3] has file; COCO names it file_name`. */
  readonly what: string;
  readonly advice: string;
}

/** Why a record lacks a member: it has another name, or the record is not an object, or there is none. */
export function faultOf(value: unknown, member: Needed): Fault {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    const what = Array.isArray(value) ? 'a list' : shortJson(value);
    return { what: `is ${what}, not an object with ${member}`, advice: 'Write it as COCO defines it.' };
  }
  const other = otherName(asRecord(value), member);
  return other === undefined
    ? { what: `has no ${member}`, advice: 'Export it again.' }
    : { what: `has ${other}; COCO names it ${member}`, advice: 'Rename it.' };
}

/** Why an annotation has no box; undefined if it has a bbox, a segmentation, or nothing that could be a box. */
export function boxFault(annotation: JsonRecord): Fault | undefined {
  const has = (member: string) => Object.hasOwn(annotation, member);
  if (!isBlank(annotation.bbox) || !isBlank(annotation.segmentation)) return undefined;
  if (has('bbox')) return otherKind(annotation);
  if (otherName(annotation, 'bbox') !== undefined) return faultOf(annotation, 'bbox');
  if (['x', 'y', 'width', 'height'].every(has)) {
    return {
      what: 'has x, y, width and height; COCO has them in one list',
      advice: 'Write them as bbox: [x, y, width, height].',
    };
  }
  return otherKind(annotation);
}

/** Whether a value is missing, null, an empty list or a list of zeros, which exporters write for keypoints. */
const isBlank = (value: unknown): boolean =>
  value === undefined || value === null || (Array.isArray(value) && value.every((number) => number === 0));

/** An annotation of another task than object detection. */
function otherKind(annotation: JsonRecord): Fault | undefined {
  const [kind] = ['keypoints', 'caption'].filter((member) => Object.hasOwn(annotation, member));
  if (kind === undefined) return undefined;
  return {
    what: `has ${kind}, but no bbox or segmentation of an object`,
    advice: 'Export COCO for object detection, such as instances_train2017.json.',
  };
}

function otherName(record: JsonRecord, member: Needed): string | undefined {
  const plain = (name: string) => name.replace(/[\s_.-]/g, '').toLowerCase();
  const others = Object.keys(record).filter(
    (name) => name !== member && OTHER_NAMES[member].test(plain(name)),
  );
  // Names that differ in signs and case only are meant; others may be.
  return others.find((name) => plain(name) === plain(member)) ?? others[0];
}

/** Faults of a list that are kept. */
const MAX_FAULTS = 100;

/** A fault of annotations, with the first annotation that has it. */
export interface AnnotationFault extends Fault {
  /** The member that is missing. */
  readonly member: Needed;
  readonly index: number;
}

/** Collects the faults of annotations, each once. */
export class Faults {
  readonly #found = new Map<string, AnnotationFault>();

  add(index: number, member: Needed, fault: Fault): void {
    if (this.#found.size < MAX_FAULTS && !this.#found.has(fault.what)) {
      this.#found.set(fault.what, { ...fault, member, index });
    }
  }

  /** In the order of the file. */
  get list(): readonly AnnotationFault[] {
    return [...this.#found.values()];
  }
}
