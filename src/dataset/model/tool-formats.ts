import { asRecord, type JsonRecord } from '../../lib/json-records.js';
import { anyOf, firstOf, has, type JsonFormat } from './json-signs.js';
import { CONVERT_TO_COCO, convertWithDatumaro, EXPORT_FROM_LABEL_STUDIO } from './other-formats.js';

/** JSON exports of annotation tools, the most specific first. The advice uses the words of the tools' own documentation. */
export const TOOL_FORMATS: readonly JsonFormat[] = [
  [
    'a Scale AI export',
    CONVERT_TO_COCO,
    (first) => has(first, 'task_id') && (has(first, 'response') || has(first, 'params')),
  ],
  ['a Scale Nucleus export', CONVERT_TO_COCO, isNucleus],
  ['a Label Studio JSON export', EXPORT_FROM_LABEL_STUDIO, isLabelStudio],
  [
    'a CVAT backup',
    'In CVAT: Export task dataset → COCO 1.0 with "Save images".',
    (first) => has(first, 'shapes', 'tracks'),
  ],
  [
    'a labelme export',
    'Convert it with `pip install labelme2coco` and `labelme2coco <folder>`.',
    // The data of a large image can come before the shapes.
    (first) => Array.isArray(first.shapes) || has(first, 'version', 'flags'),
  ],
  [
    'a VGG Image Annotator (VIA) project',
    'In VIA: Annotation → Export Annotations (COCO format).',
    (first) =>
      has(first, '_via_img_metadata') ||
      has(first, 'project', 'file', 'view') ||
      has(anyOf(first), 'filename', 'regions'),
  ],
  [
    'a SuperAnnotate export',
    'Convert it with `sa.export_annotation(…, "COCO", …)` of the SuperAnnotate Python SDK.',
    (first, isList) =>
      has(first, 'metadata', 'instances') ||
      has(firstOf(asRecord(anyOf(first)).instances), 'type') ||
      (isList && (has(first, 'classId', 'type', 'points') || has(first, 'name', 'attribute_groups'))),
  ],
  [
    'a Supervisely export',
    'In Supervisely: run the app "Export to COCO" on the project.',
    ({ size, objects, classes }) =>
      (has(size, 'width', 'height') && Array.isArray(objects)) || has(firstOf(classes), 'title', 'shape'),
  ],
  [
    'an Encord export',
    'In Encord: export the labels in COCO format.',
    (first) => has(first, 'label_hash', 'data_units') || has(first, 'data_hash', 'data_units'),
  ],
  [
    'a Kili export',
    'Export it with `kili project export --project-id <id> --output-format coco --output-file <new ZIP>`.',
    (first) =>
      has(first, 'externalId') && (has(first, 'latestLabel') || has(firstOf(first.labels), 'jsonResponse')),
  ],
  ['a Hasty export', 'In Hasty: export the project in COCO format.', isHasty],
  [
    'a Dataloop export',
    'Convert it with `DataloopToCoco` of the Python package dtlpy-converters.',
    (first) => has(first, 'filename') && Array.isArray(asRecord(firstOf(first.annotations)).coordinates),
  ],
  [
    'a Segments.ai release',
    'Convert it with `export_dataset(<dataset>, "coco-instance")` of the Segments.ai Python SDK.',
    ({ dataset }) => has(dataset, 'task_type', 'samples'),
  ],
  [
    'an Azure Custom Vision export',
    CONVERT_TO_COCO,
    (first) => has(first, 'originalImageUri') || has(firstOf(first.regions), 'tagName', 'left'),
  ],
  [
    'an Azure Machine Learning export (JSON Lines)',
    'In Azure Machine Learning: export the labeling project in COCO format.',
    (first) => has(first, 'image_url', 'label'),
  ],
  [
    'an Oracle Cloud (OCI) Data Labeling export',
    'In OCI Data Labeling: export the dataset in COCO format.',
    (first) => has(first.sourceDetails, 'path'),
  ],
  [
    'a Labelbox export',
    CONVERT_TO_COCO,
    (first) => ['data_row', 'dataRow', 'Labeled Data', 'External ID'].some((member) => has(first, member)),
  ],
  [
    'a V7 Darwin export',
    'Convert it with `darwin convert coco <annotations> <new folder>` of darwin-py.',
    (first) => Array.isArray(first.annotations) && (has(first, 'item') || has(first, 'dataset', 'image')),
  ],
  [
    'a VoTT export',
    convertWithDatumaro('vott_json'),
    (first) => has(first, 'asset', 'regions') || has(first, 'assets', 'tags'),
  ],
  [
    'a FiftyOne export',
    'Export it with `dataset.export(…, dataset_type=fo.types.COCODetectionDataset)`.',
    ({ samples, classes, labels }) =>
      has(firstOf(samples), 'filepath') ||
      (Array.isArray(classes) && has(firstOf(anyOf(labels)), 'bounding_box')),
  ],
  [
    'a RectLabel export',
    'In RectLabel: export a COCO JSON file.',
    (first) => has(first, 'filename', 'image_w_h'),
  ],
  ['an MD.ai export', CONVERT_TO_COCO, (first) => has(first, 'labelGroups', 'datasets')],
  [
    'a GeoJSON file',
    CONVERT_TO_COCO,
    ({ type, geometry }) => type === 'FeatureCollection' || (type === 'Feature' && has(geometry, 'type')),
  ],
];

function isLabelStudio(first: JsonRecord, isList: boolean): boolean {
  // One file per task, as its storages write.
  if (!isList) return Array.isArray(first.result) && has(first, 'task');
  if (has(first, 'file_name')) return false;
  const { annotations, completions = annotations, predictions = completions } = first;
  const isTask = Array.isArray(predictions) && (predictions.length === 0 || has(predictions[0], 'result'));
  const isMinimal = Object.values(first).some((value) => has(firstOf(value), 'original_width'));
  return isTask || isMinimal || (has(first, 'id') && typeof first.data === 'object');
}

/** Annotations refer to their image by its reference_id. */
function isNucleus(first: JsonRecord): boolean {
  const isAnnotation = has(first, 'geometry', 'reference_id');
  return (
    isAnnotation ||
    has(firstOf(first.annotations), 'geometry', 'reference_id') ||
    has(first.item, 'reference_id')
  );
}

/** Has a list named images, as COCO has, but the labels are in it and no list is named annotations. */
export function isHasty(first: JsonRecord): boolean {
  return has(first, 'export_format_version', 'label_classes') && !has(first, 'annotations');
}
