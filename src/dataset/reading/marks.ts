import { asRecord, type JsonRecord } from '../../lib/json-records.js';
import { toNumber } from '../../lib/numbers.js';

/** Marks of annotations, by the names under which tools write them: beside the bbox, or as an attribute (CVAT, Datumaro). */
const CROWD = ['iscrowd', 'is_crowd', 'isCrowd', 'IsGroupOf'];
const DELETED = ['deleted', 'is_deleted', 'isDeleted'];
/** How sure a model is of a box. */
const SCORE = ['score', 'confidence'];
/** CVAT marks a box like this on the frames of a track where the object has left the picture. */
const LEFT_PICTURE = ['outside'];
/** Attributes of a track in CVAT. Without one of them, `outside` may be an attribute of the users' own. */
const OF_TRACK = ['keyframe', 'track_id'];
/** pycocotools reads `ignore` and Pascal VOC `difficult` in evaluations only. */
const EVALUATION = ['ignore', 'difficult'];
const DOUBTFUL = [...EVALUATION, ...LEFT_PICTURE];
/** Marks of a review, where false means that the box is wrong, or where a word says so. */
const VALID = ['valid', 'is_valid', 'isValid'];
const STATUS = ['status', 'review_status', 'reviewStatus'];
const REFUSED = ['rejected', 'declined', 'invalid', 'deleted'];

/** Whether an annotation marks a crowd: one box or mask around many objects. */
export const isCrowd = (annotation: JsonRecord): boolean => markOf(annotation, CROWD) !== undefined;

/** Whether a record was deleted in a tool that exports deleted records too, such as coco-annotator. */
export const isDeleted = (record: JsonRecord): boolean => markOf(record, DELETED) !== undefined;

/** Whether the object of a box of a CVAT track has left the picture. */
export const hasLeftPicture = (annotation: JsonRecord): boolean =>
  isOfTrack(annotation) && markOf(annotation, LEFT_PICTURE) !== undefined;

const isOfTrack = ({ attributes }: JsonRecord) =>
  OF_TRACK.some((name) => asRecord(attributes)[name] !== undefined);

/**
 * The mark that says that a box may not be a label to learn, such as `difficult` or `status rejected`; undefined if the
 * annotation has none.
 */
export const doubtfulMark = (annotation: JsonRecord): string | undefined =>
  markOf(annotation, DOUBTFUL) ?? reviewMark(annotation);

function reviewMark(annotation: JsonRecord): string | undefined {
  const valid = VALID.find((name) => valuesOf(annotation, name).some(isUnset));
  if (valid !== undefined) return `${valid} false`;
  for (const name of STATUS) {
    const words = valuesOf(annotation, name).map((value) => String(value).toLowerCase());
    const refused = words.length > 0 ? REFUSED.find((word) => words.includes(word)) : undefined;
    if (refused !== undefined) return `${name} ${refused}`;
  }
  return undefined;
}

/**
 * Whether a model gave the annotation a score, so that it is a prediction and not a label. Whole numbers up to
 * 10 do not show that: exporters write 1 beside boxes that people drew, and people give marks from 1 to 5 or 10.
 */
export function isPredicted(annotation: JsonRecord): boolean {
  return SCORE.some((name) => {
    const score = toNumber(annotation[name]);
    return score !== undefined && score > 0 && score < 100 && (!Number.isInteger(score) || score > 10);
  });
}

function markOf(record: JsonRecord, names: readonly string[]): string | undefined {
  return names.find((name) => valuesOf(record, name).some(isSet));
}

/** The values under a name, beside the bbox and among the attributes. Most annotations have none. */
function valuesOf(record: JsonRecord, name: string): readonly unknown[] {
  const [own, attribute] = [record[name], asRecord(record.attributes)[name]];
  return own === undefined && attribute === undefined ? NO_VALUES : [own, attribute];
}

const NO_VALUES: readonly unknown[] = [];

const isSet = (value: unknown) =>
  value === true || toNumber(value) === 1 || (typeof value === 'string' && value.toLowerCase() === 'true');

const isUnset = (value: unknown) =>
  value === false || value === 0 || (typeof value === 'string' && /^(?:0|false)$/i.test(value));
