import { asRecord, type JsonRecord } from '../../lib/json-records.js';

/** How to get COCO from the common annotation tools, in the words of their menus. */
export const EXPORT_FROM_TOOLS =
  'In Roboflow: Export → COCO. In CVAT: Export task dataset → COCO 1.0 with "Save images". In Label Studio: Export → COCO with Images.';

/** A format of datasets that is not COCO. */
export interface OtherFormat {
  /** With its article, such as `a labelme export`. */
  readonly name: string;
  /** How to get COCO from it, in the words of the tool where it has an export. */
  readonly toCoco: string;
}

export const EXPORT_AS_COCO = `Export it in COCO format. ${EXPORT_FROM_TOOLS}`;
export const CONVERT_TO_COCO =
  'Convert it to COCO: one object with the lists images, annotations (image_id, category_id, bbox) and categories.';

/** How to convert with Datumaro from a format by its name there. */
export const convertWithDatumaro = (format: string): string =>
  `Convert it with Datumaro: \`datum convert -if ${format} -i <folder> -f coco -o <new folder> -- --save-media\`.`;

/** Whether a JSON file has the format. `first` is its object, or the first object of its list or of its lines. */
type Holds = (first: JsonRecord, isList: boolean) => boolean;

/** Formats of JSON files, the most specific first. */
const JSON_FORMATS: readonly (readonly [name: string, toCoco: string, holds: Holds])[] = [
  [
    'a list of detections (COCO results)',
    'Upload the labels instead: the COCO file with the lists images, annotations and categories.',
    (first, isList) => isList && has(first, 'image_id', 'score'),
  ],
  [
    'a list of Detectron2 dataset dicts',
    'In Detectron2: register the list as a dataset and call `convert_to_coco_json(<dataset>, <new file>)` of `detectron2.data.datasets.coco`.',
    (first, isList) => isList && has(first, 'file_name', 'image_id', 'annotations'),
  ],
  [
    'a list of COCO annotations without images',
    'Write it as one object with the lists images, annotations and categories.',
    (first, isList) => isList && has(first, 'image_id'),
  ],
  ['a CreateML export', EXPORT_AS_COCO, (first) => has(firstOf(first.annotations), 'coordinates')],
  [
    'a Scale AI export',
    CONVERT_TO_COCO,
    (first) => has(first, 'task_id') && (has(first, 'response') || has(first, 'params')),
  ],
  ['a Label Studio JSON export', 'In Label Studio: Export → COCO with Images.', isLabelStudio],
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
    (first) => has(first, 'metadata', 'instances') || has(firstOf(asRecord(anyOf(first)).instances), 'type'),
  ],
  [
    'a Supervisely export',
    'In Supervisely: run the app "Export to COCO" on the project.',
    ({ size, objects, classes }) =>
      (has(size, 'width', 'height') && Array.isArray(objects)) || has(firstOf(classes), 'title', 'shape'),
  ],
  [
    'a Datumaro export',
    convertWithDatumaro('datumaro'),
    ({ items, categories }) => Array.isArray(items) && has(categories, 'label'),
  ],
  [
    'a SageMaker Ground Truth manifest',
    'Convert it with the amazon-sagemaker-groundtruth-conversion-kit (CocoConverter) of aws-samples.',
    (first) => has(first, 'source-ref'),
  ],
  [
    'an Azure Machine Learning export (JSON Lines)',
    'In Azure Machine Learning: export the labeling project in COCO format.',
    (first) => has(first, 'image_url', 'label'),
  ],
  ['a Google Vertex AI (AutoML) import file', CONVERT_TO_COCO, (first) => has(first, 'imageGcsUri')],
  [
    'a Labelbox export',
    CONVERT_TO_COCO,
    (first) => has(first, 'data_row') || has(first, 'Labeled Data') || has(first, 'External ID'),
  ],
  [
    'a V7 Darwin export',
    'Convert it with `darwin convert coco <annotations> <new folder>` of darwin-py.',
    (first) => has(first, 'item', 'annotations') || has(first, 'dataset', 'image', 'annotations'),
  ],
  [
    'a Roboflow export for PaliGemma or Florence-2 (JSON Lines)',
    'In Roboflow: Export → COCO.',
    (first) => has(first, 'image', 'prefix', 'suffix'),
  ],
  [
    'metadata of a Hugging Face image folder (JSON Lines)',
    CONVERT_TO_COCO,
    (first, isList) => !isList && has(first, 'file_name', 'objects'),
  ],
  [
    'a VoTT export',
    convertWithDatumaro('vott_json'),
    (first) => has(first, 'asset', 'regions') || has(first, 'assets', 'tags'),
  ],
  [
    'a FiftyOne export',
    'Export it with `dataset.export(…, dataset_type=fo.types.COCODetectionDataset)`.',
    ({ samples }) => has(firstOf(samples), 'filepath'),
  ],
  ['a Cityscapes annotation file', CONVERT_TO_COCO, (first) => has(first, 'imgHeight', 'objects')],
  [
    'a BDD100K (Scalabel) label file',
    'Convert it with `python -m bdd100k.label.to_coco`.',
    (first) => has(firstOf(first.labels), 'category'),
  ],
  ['a list with one record per image', CONVERT_TO_COCO, (first, isList) => isList && has(first, 'file_name')],
];

function isLabelStudio(first: JsonRecord, isList: boolean): boolean {
  if (!isList || has(first, 'file_name')) return false;
  const { annotations, completions = annotations, predictions = completions } = first;
  const isTask = Array.isArray(predictions) && (predictions.length === 0 || has(predictions[0], 'result'));
  const isMinimal = Object.values(first).some((value) => has(firstOf(value), 'original_width'));
  return isTask || isMinimal || (has(first, 'id') && typeof first.data === 'object');
}

const has = (value: unknown, ...members: readonly string[]) =>
  members.every((member) => Object.hasOwn(asRecord(value), member));
const firstOf = (value: unknown): unknown => (Array.isArray(value) ? value[0] : undefined);
const anyOf = (record: JsonRecord): unknown => Object.values(record)[0];

/** The format of a JSON file that is not COCO, from its value; undefined if it is not known. */
export function formatOfJson(value: unknown): OtherFormat | undefined {
  const isList = Array.isArray(value);
  const first = asRecord(isList ? value[0] : value);
  // COCO, however broken, is described as COCO.
  if (has(first, 'images')) return undefined;
  const found = JSON_FORMATS.find(([, , holds]) => holds(first, isList));
  return found && { name: found[0], toCoco: found[1] };
}
