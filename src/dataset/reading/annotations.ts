import { idOf, type JsonRecord } from '../../lib/json-records.js';
import { toNumber } from '../../lib/numbers.js';
import { bboxAlone, declaredRotated, mirrored, twoCorners } from './bbox-alone.js';
import { besideShape } from './beside-shape.js';
import type { Observed } from './explanations.js';
import { hasLeftPicture, isCrowd, isDeleted } from './marks.js';
import {
  type AnnotationContext,
  boxOf,
  type ReadAnnotation,
  type ReadBox,
  type Reading,
  type RecordFrame,
  usable,
} from './read-box.js';
import { repeatsBbox } from './repeated-bbox.js';
import { shapeAlone } from './shape-alone.js';
import { shapeOf } from './shapes.js';
import { statedBox } from './stated-box.js';

/**
 * Reads the box of a COCO annotation. Its bbox is used, or the bounds of its polygon or mask if the bbox is missing,
 * cannot be read, or is the same box in another convention. What the annotation shows is added to `evidence`.
 */
export function readAnnotation(
  annotation: JsonRecord,
  context: AnnotationContext,
  frame: RecordFrame,
): ReadAnnotation {
  if (isDeleted(annotation) || hasLeftPicture(annotation)) return { dropped: 'deleted' };
  if (Array.isArray(annotation.segments_info)) return { dropped: 'panoptic' };
  const label = context.categories.labelOf(categoryIdOf(annotation) ?? '');
  if (label === undefined) return { dropped: 'unknown-category' };
  if (!context.settings.keepCrowd && isCrowd(annotation)) return { dropped: 'crowd' };
  const stated = statedBox(annotation.bbox);
  const { segmentation } = annotation;
  const shape = repeatsBbox(segmentation, stated) ? undefined : shapeOf(segmentation);
  const reading = { context, annotation, label, frame };
  const usableShape = shape && usable(shape.bounds) ? shape : undefined;
  const bbox = usable(stated);
  if (!bbox) {
    return usableShape
      ? shapeAlone(usableShape, reading)
      : (declaredRotated(reading) ?? twoCorners(reading) ?? mirrored(stated, reading));
  }
  const observed = { bbox, frame, area: toNumber(annotation.area) };
  context.evidence.addFractions(observed, usableShape, context.isOfAzure);
  return (
    inFractions(observed, reading) ??
    (usableShape ? besideShape(observed, usableShape, reading) : bboxAlone(observed, reading))
  );
}

/** A bbox in fractions, if all boxes of the file are. */
function inFractions({ bbox, frame }: Observed, { label, context }: Reading): ReadBox | undefined {
  const { fractions } = context.verdict;
  const box = usable(fractions?.read(bbox, frame));
  return fractions && box && { box: boxOf(label, box), note: { converted: fractions.name } };
}

/** The id of the category of an annotation, or its name, which some exporters write instead; undefined without either. */
export function categoryIdOf({
  category_name: name,
  category_id: id = name,
}: JsonRecord): string | undefined {
  return idOf(singleOf(id));
}

/** Some exporters write one id as a list. */
const singleOf = (value: unknown): unknown =>
  Array.isArray(value) && value.length === 1 ? (value[0] as unknown) : value;
