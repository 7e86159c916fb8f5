import { asRecord, type JsonRecord } from '../../lib/json-records.js';
import { toNumber } from '../../lib/numbers.js';

/** Marks of annotations, by the names under which tools write them: beside the bbox, or as an attribute (CVAT, Datumaro). */
const CROWD = ['iscrowd', 'is_crowd', 'isCrowd', 'IsGroupOf'];
const DELETED = ['deleted', 'is_deleted', 'isDeleted'];
/** How sure a model is of a box. */
const SCORE = ['score', 'confidence'];
/** pycocotools reads `ignore` and Pascal VOC `difficult` in evaluations only. */
const EVALUATION = ['ignore', 'difficult'];

/** Whether an annotation marks a crowd: one box or mask around many objects. */
export const isCrowd = (annotation: JsonRecord): boolean => markOf(annotation, CROWD) !== undefined;

/** Whether a record was deleted in a tool that exports deleted records too, such as coco-annotator. */
export const isDeleted = (record: JsonRecord): boolean => markOf(record, DELETED) !== undefined;

/** The mark that leaves the annotation out of evaluations, such as `difficult`; undefined if it has none. */
export const evaluationMark = (annotation: JsonRecord): string | undefined => markOf(annotation, EVALUATION);

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
  const attributes = asRecord(record.attributes);
  return names.find((name) => isSet(record[name]) || isSet(attributes[name]));
}

const isSet = (value: unknown) =>
  value === true || toNumber(value) === 1 || (typeof value === 'string' && value.toLowerCase() === 'true');
