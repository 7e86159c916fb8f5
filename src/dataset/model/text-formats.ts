import {
  CONVERT_TO_COCO,
  convertWithDatumaro,
  EXPORT_AS_COCO,
  EXPORT_FROM_LABEL_STUDIO,
  type OtherFormat,
} from './other-formats.js';

/** Lines of a file that tell its format. */
const MAX_LINES = 5;

type Format = readonly [name: string, toCoco: string, holds: (lines: readonly string[]) => boolean];

const NUMBER = String.raw`-?\d+(?:\.\d+)?(?:e[+-]?\d+)?`;
const all =
  (pattern: RegExp) =>
  (lines: readonly string[]): boolean =>
    lines.every((line) => pattern.test(line));
const lineOf = (start: string, count: string, separator: string) =>
  all(new RegExp(`^${start}(?:${separator}${NUMBER})${count}\\s*$`, 'i'));

/** Formats of XML files by tags that follow one another, the most specific first. */
const XML_FORMATS: readonly (readonly [tags: readonly RegExp[], name: string, toCoco: string])[] = [
  [[/<annotation>/, /<object>/, /<pt>/], 'a LabelMe export (XML)', convertWithDatumaro('label_me')],
  [[/<annotation[\s>]/, /<(?:object|size|filename)[\s>]/], 'a Pascal VOC export (XML)', EXPORT_AS_COCO],
  [
    [/<annotations>/, /<(?:image|track|meta)[\s>]/],
    'a CVAT export (XML)',
    'In CVAT: Export task dataset → COCO 1.0 with "Save images".',
  ],
  [[/<dataset>/, /<images>/, /<image\s+file=/], 'a dlib (imglab) annotation file (XML)', CONVERT_TO_COCO],
];

/** Formats of text files by their first lines, the most specific first. */
const LINE_FORMATS: readonly Format[] = [
  ['a YOLO export', EXPORT_AS_COCO, isYolo],
  [
    'a KITTI export, as NVIDIA TAO uses it',
    convertWithDatumaro('kitti'),
    lineOf('[a-z]\\S*', '{14,15}', ' +'),
  ],
  ['a DOTA export with rotated boxes', CONVERT_TO_COCO, isDota],
  // One file per image: the box, a score, the class, and two more numbers.
  ['a VisDrone export', CONVERT_TO_COCO, all(/^\d+,\d+,\d+,\d+,[01],\d+,-?\d+,-?\d+,?\s*$/)],
  ['a MOTChallenge export', convertWithDatumaro('mot_seq_gt'), lineOf('\\d+,\\d+', '{4,8}', ', *')],
  ['a WIDER FACE export', convertWithDatumaro('wider_face'), isWiderFace],
  ['a Google Vertex AI (AutoML) import file', CONVERT_TO_COCO, all(/^(?:[a-z_]*,)?"?gs:\/\/[^,]+,/i)],
  ['a PaddleOCR label file', CONVERT_TO_COCO, all(/^\S[^\t]*\t\[(?:\]|\{"transcription")/)],
  ['a table of boxes', CONVERT_TO_COCO, isBoxList],
  ['a text file of boxes', CONVERT_TO_COCO, lineOf("\\w[\\w'() -]{0,60}", '{4,}', ' +')],
];

/** Formats of tables by the names of their columns, the most specific first. */
const TABLE_FORMATS: readonly (readonly [name: string, toCoco: string, columns: RegExp])[] = [
  [
    'a VGG Image Annotator (VIA) export',
    'In VIA: load the project, then Annotation → Export Annotations (COCO format).',
    /,region_shape_attributes,/,
  ],
  ['an Open Images export (CSV)', EXPORT_AS_COCO, /,imageid,.*,labelname,/],
  ['a Labelbox export (CSV)', CONVERT_TO_COCO, /,labeled data,(?:.*,)?label,/],
  [
    'a Label Studio export (CSV)',
    EXPORT_FROM_LABEL_STUDIO,
    /,annotation_id,(?:.*,)?annotator,|,annotator,(?:.*,)?annotation_id,/,
  ],
  [
    'an Azure Machine Learning export (CSV)',
    'In Azure Machine Learning: export the labeling project in COCO format.',
    /,image_url,label,label_confidence,/,
  ],
  ['a Toloka export (TSV)', CONVERT_TO_COCO, /,input:image\w*,.*output:/],
  ['a list of mask values, without boxes', EXPORT_AS_COCO, /,pixel value,/],
  ['a table of boxes', EXPORT_AS_COCO, /,(?:x_?min|xmin_?\w*|x_?1|left|bbox_?x\w*),/],
  ['a table of boxes', EXPORT_AS_COCO, /,(?:bbox|bounding_?box|box),|,x,y,w(?:idth)?,h(?:eight)?,/],
];

/** The format of a text file with labels that is not JSON, from its beginning; undefined if it is not known. */
export function formatOfText(text: string): OtherFormat | undefined {
  const start = text.replace(/^\ufeff/, '').trimStart();
  if (start.startsWith('<')) {
    const xml = XML_FORMATS.find(([tags]) => hasInOrder(start, tags));
    return xml && { name: xml[1], toCoco: xml[2] };
  }
  // The last line may be cut off.
  const lines = start
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '')
    .slice(0, MAX_LINES);
  const [first] = lines;
  if (first === undefined) return undefined;
  const table = tableOf(first);
  if (table) return table;
  const found = LINE_FORMATS.find(([, , holds]) => holds(lines));
  return found && { name: found[0], toCoco: found[1] };
}

/** Searches each tag once, so that the time grows with the text only, whatever it repeats. */
function hasInOrder(text: string, tags: readonly RegExp[]): boolean {
  let rest = text;
  return tags.every((tag) => {
    const at = rest.search(tag);
    rest = rest.slice(at + 1);
    return at >= 0;
  });
}

/** Characters of a header that are looked at. */
const MAX_HEADER = 2_000;

function tableOf(header: string): OtherFormat | undefined {
  const columns = header
    .slice(0, MAX_HEADER)
    .split(/[,;\t]/)
    .map((column) => column.trim().replace(/^"|"$/g, ''));
  if (columns.length < 2) return undefined;
  const named = `,${columns.join(',').toLowerCase()},`;
  const found = TABLE_FORMATS.find(([, , pattern]) => pattern.test(named));
  return found && { name: found[0], toCoco: found[1] };
}

/** How far rounding takes fractions of the image beyond it. */
const ROUNDING = 0.01;
const isFraction = (number: number) => number >= -ROUNDING && number <= 1 + ROUNDING;

/** A class and at least two points as fractions of the image; behind a box, keypoints may be marked as visible by 2. */
function isYolo(lines: readonly string[]): boolean {
  return lines.every((line) => {
    const [label = '', ...numbers] = line.trim().split(/\s+/);
    const areFractions = numbers.every((text, i) => isFraction(Number(text)) || (i >= 4 && text === '2'));
    return /^\d+$/.test(label) && numbers.length >= 4 && areFractions;
  });
}

const isCorners = lineOf(NUMBER, '{7}(?: +[\\w-]+){1,2}', ' +');
function isDota(lines: readonly string[]): boolean {
  return /^(?:imagesource|gsd):/i.test(lines[0] ?? '') || isCorners(lines);
}

const IMAGE_NAME = String.raw`[^\s,;]+\.(?:jpe?g|png|bmp|tiff?|webp)`;
const IMAGE = new RegExp(`^${IMAGE_NAME}$`, 'i');

/** The name of an image, the number of its faces, and ten numbers for each. */
function isWiderFace([name = '', count = '', face = '']: readonly string[]): boolean {
  return IMAGE.test(name.trim()) && /^\d+\s*$/.test(count) && /^(?:\d+ ){9}\d+\s*$/.test(face);
}

const BOX_LINE = new RegExp(
  `^"?${IMAGE_NAME}"?[\\s,;]+(?:[^,;\\s]+[,;\\s]+)?${NUMBER}(?:[,;\\s]+${NUMBER}){3}`,
  'i',
);
/** The label and the box before the image, as Make Sense writes them. */
const LABEL_FIRST = new RegExp(`^[^,]+(?:,${NUMBER}){4},${IMAGE_NAME},`, 'i');
function isBoxList(lines: readonly string[]): boolean {
  return lines.every((line) => BOX_LINE.test(line) || LABEL_FIRST.test(line));
}
