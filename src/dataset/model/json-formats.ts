import { asRecord, type JsonRecord } from '../../lib/json-records.js';
import { firstOf, has, type JsonFormat } from './json-signs.js';
import {
  CONVERT_TO_COCO,
  convertWithDatumaro,
  EXPORT_AS_COCO,
  EXPORT_FROM_ROBOFLOW,
  GROUND_TRUTH,
  type OtherFormat,
  SAVE_AS_JPEG,
} from './other-formats.js';
import { isHasty, TOOL_FORMATS } from './tool-formats.js';

const UPLOAD_LABELS =
  'Upload the labels instead: the COCO file with the lists images, annotations and categories.';

/** Members of a record that name its image. */
const IMAGE_NAMES = ['file_name', 'filename', 'image', 'image_name', 'image_path', 'image_url', 'img_path'];

/** Parts of COCO, and formats that say so in their first record, the most specific first. */
const FIRST_FORMATS: readonly JsonFormat[] = [
  [
    'a list of detections (COCO results)',
    UPLOAD_LABELS,
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
  ['a CreateML export', EXPORT_AS_COCO, isCreateMl],
];

/** Formats of frameworks, services and public datasets, the most specific first. */
const DATASET_FORMATS: readonly JsonFormat[] = [
  [
    'a Datumaro export',
    convertWithDatumaro('datumaro'),
    ({ items, categories }) => Array.isArray(items) && has(categories, 'label'),
  ],
  [
    'a Rekognition manifest for classification, without boxes',
    `Label the objects with boxes, then export in COCO format. ${EXPORT_FROM_ROBOFLOW}`,
    (first) => has(first, 'source-ref') && hasClassesOnly(first),
  ],
  [GROUND_TRUTH.name, GROUND_TRUTH.toCoco, (first) => has(first, 'source-ref')],
  ['a Google Vertex AI (AutoML) import file', CONVERT_TO_COCO, (first) => has(first, 'imageGcsUri')],
  [
    'a Roboflow export for PaliGemma or Florence-2 (JSON Lines)',
    EXPORT_FROM_ROBOFLOW,
    (first) => has(first, 'image', 'prefix', 'suffix'),
  ],
  [
    'a file of chat messages for a language model (JSON Lines)',
    EXPORT_AS_COCO,
    ({ messages }) => has(firstOf(messages), 'role', 'content'),
  ],
  [
    'a file of predictions of a Roboflow model',
    `Upload the labels instead. ${EXPORT_FROM_ROBOFLOW}`,
    ({ predictions }) => has(firstOf(predictions), 'class', 'confidence'),
  ],
  [
    'metadata of a Hugging Face image folder (JSON Lines)',
    CONVERT_TO_COCO,
    (first, isList) => !isList && has(first, 'file_name', 'objects'),
  ],
  ['a Cityscapes annotation file', CONVERT_TO_COCO, (first) => has(first, 'imgHeight', 'objects')],
  [
    'a BDD100K (Scalabel) label file',
    'Convert it with `python -m bdd100k.label.to_coco`.',
    (first) => has(firstOf(first.labels), 'category') || has(firstOf(first.frames), 'labels'),
  ],
  [
    'a BDD100K label file of one image',
    CONVERT_TO_COCO,
    ({ frames }) => has(firstOf(asRecord(firstOf(frames)).objects), 'category'),
  ],
  [
    'an MMDetection annotation file',
    CONVERT_TO_COCO,
    (first, isList) => has(first, 'metainfo', 'data_list') || (isList && has(first, 'filename', 'ann')),
  ],
  ['a CrowdHuman annotation file (odgt)', CONVERT_TO_COCO, (first) => has(first, 'ID', 'gtboxes')],
  [
    'an ODVG file, as Grounding DINO uses it (JSON Lines)',
    CONVERT_TO_COCO,
    (first) => has(first, 'filename') && (has(first, 'detection') || has(first, 'grounding')),
  ],
  [
    'an Ultralytics dataset (NDJSON)',
    CONVERT_TO_COCO,
    (first) => first.type === 'dataset' && has(first, 'class_names'),
  ],
  ['an nnU-Net dataset of medical images', SAVE_AS_JPEG, (first) => has(first, 'numTraining', 'labels')],
  [
    'a list with one record per image',
    CONVERT_TO_COCO,
    (first, isList) => isList && IMAGE_NAMES.some((member) => has(first, member)),
  ],
];

const FORMATS: readonly JsonFormat[] = [...FIRST_FORMATS, ...TOOL_FORMATS, ...DATASET_FORMATS];

/** The coordinates of a box are an object; other tools write lists of points under this name. */
function isCreateMl(first: JsonRecord): boolean {
  const { annotation, annotations = annotation } = first;
  return has(asRecord(firstOf(annotations)).coordinates, 'width', 'height');
}

/** Whether the metadata of a line names classes of the image, and none of them objects. */
function hasClassesOnly(line: JsonRecord): boolean {
  const types = Object.values(line).map((value) => String(asRecord(value).type));
  const isClass = (type: string) => /^groundtruth\/image-classification/.test(type);
  return types.some(isClass) && !types.some((type) => type.startsWith('groundtruth/object-detection'));
}

/** The format of a JSON file that is not COCO, from its value; undefined if it is not known. */
export function formatOfJson(value: unknown): OtherFormat | undefined {
  const isList = Array.isArray(value);
  const first = asRecord(isList ? value[0] : value);
  // COCO, however broken, is described as COCO.
  if (has(first, 'images') && !isHasty(first)) return undefined;
  const found = FORMATS.find(([, , holds]) => holds(first, isList));
  return found && { name: found[0], toCoco: found[1] };
}
