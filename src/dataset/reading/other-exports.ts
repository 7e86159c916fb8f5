import type { Steps } from '../../lib/steps.js';
import {
  CONVERT_TO_COCO,
  EXPORT_AS_COCO,
  EXPORT_FROM_TOOLS,
  GROUND_TRUTH,
  SAVE_AS_JPEG,
} from '../model/other-formats.js';
import type { JsonFile } from './json-file.js';
import { nestedArchives } from './nested-archives.js';
import { describeOtherFiles, type FileDescription, mayHaveLabels } from './other-files.js';
import { type JsonDescription, jsonDescription } from './other-json.js';
import { folderOf, isImageFile } from './resolve.js';

const COCO_LAYOUT =
  'Export in COCO format, such as train/_annotations.coco.json beside its images, or annotations/*.json with images/.';

const LABEL =
  'If the images are labelled, export the labels in COCO format. If not, label them first, for example in CVAT, Label Studio or Roboflow.';

/**
 * A format by the names of files: the file that shows it, or undefined.
 * @param unknown files whose content has no known format, so that their names do not show one
 */
type Shown = (paths: readonly string[], unknown: readonly string[]) => string | undefined;

const named =
  (pattern: RegExp): Shown =>
  (paths) =>
    paths.find((path) => pattern.test(path));

const MEDICAL = /\.(?:dcm|dicom|nii|nii\.gz|nrrd|mha|mhd)$|(?:^|\/)DICOMDIR$/i;

/** Formats that consist of other files than JSON, the most specific first. */
const FORMATS: readonly (readonly [name: string, shown: Shown, toCoco?: string])[] = [
  ['a CreateML export', named(/createml[^/]*\.json$/i)],
  [
    'a CVAT export (XML)',
    named(/(?:^|\/)annotations\.xml$/i),
    'In CVAT: Export task dataset → COCO 1.0 with "Save images".',
  ],
  ['a Pascal VOC export (XML)', unlessUnknown(named(/\.xml$/i))],
  ['a TensorFlow export (TFRecord)', named(/\.(?:tfrecords?|record)(?:-\d+-of-\d+)?$/i)],
  ['a YOLO export', yoloFile],
  [GROUND_TRUTH.name, named(/\.manifest$/i), GROUND_TRUTH.toCoco],
  ['an Open Images export (CSV)', named(/(?:annotations-bbox|class-descriptions)[^/]*\.csv$/i)],
  ['a Parquet dataset', named(/\.parquet$/i)],
  ['a Hugging Face dataset (Arrow)', named(/\.arrow$/i)],
];

/** Formats that say little about an archive that also has other JSON files. */
const WEAK_FORMATS: typeof FORMATS = [
  ['a dataset of medical images', named(MEDICAL), SAVE_AS_JPEG],
  ['JSON Lines, with one JSON object per line', named(/\.(?:jsonl|ndjson)$/i)],
  ['a CSV export', named(/\.csv$/i)],
  ['a dataset with labels in an XML format that is not known', named(/\.xml$/i), CONVERT_TO_COCO],
  ['a dataset with labels in an Excel table', named(/\.xlsx?$/i), CONVERT_TO_COCO],
  [
    'a dataset with labels in a file of MATLAB, Python or HDF5',
    named(/\.(?:mat|pkl|pickle|h5|hdf5|np[yz])$/i),
    CONVERT_TO_COCO,
  ],
  ['a dataset with masks, without boxes', maskFile],
  [
    'a classification dataset (a folder per class)',
    folderPerClass,
    `Draw boxes, then export. ${EXPORT_FROM_TOOLS}`,
  ],
];

/** Pictures that are named as masks, beside others: the folder, or the end of the name. */
const MASK =
  /(?:^|\/)(?:[^/]*masks?|SegmentationClass|SegmentationObject|gtFine|labels?|annotations?)\/.*\.png$|_(?:mask|masks|seg|labelIds|labelTrainIds)\.png$/i;

function maskFile(paths: readonly string[]): string | undefined {
  const mask = paths.find((path) => MASK.test(path));
  return paths.some((path) => isImageFile(path) && !MASK.test(path)) ? mask : undefined;
}

/** Files with annotations whose name does not end in .json, and what to do. */
const OTHER_NAMES: readonly (readonly [name: RegExp, whatToDo: string])[] = [
  [/\.json\.txt$/i, 'rename it so that its name ends in .json.'],
  [/\.json\.(?:gz|bz2|xz|zst)$/i, 'unpack it and zip the JSON file with the images.'],
];
const NAMED_ANNOTATIONS = /(?:^|\/)[^/]*(?:annotations|coco|instances)[^/.]*(?:\.(?:txt|coco|js))?$/i;

const YOLO_SETTINGS = named(/(?:^|\/)(?:data\.ya?ml|_?classes\.txt|obj\.names|obj\.data|darknet\.labels)$/i);

function yoloFile(paths: readonly string[], unknown: readonly string[]): string | undefined {
  const stems = new Set(paths.filter(isImageFile).map(stemOf));
  const isLabel = (path: string) => /\.txt$/i.test(path) && stems.has(stemOf(path));
  return YOLO_SETTINGS(paths, unknown) ?? unlessUnknown((all) => all.find(isLabel))(paths, unknown);
}

/** Names show nothing if the content of such a file was looked at and is not of the format. */
function unlessUnknown(shown: Shown): Shown {
  return (paths, unknown) => (shown(unknown, []) === undefined ? shown(paths, unknown) : undefined);
}

const stemOf = (path: string) => path.slice(path.lastIndexOf('/') + 1).replace(/\.[^.]*$/, '');

function folderPerClass(paths: readonly string[]): string | undefined {
  const images = paths.filter(isImageFile);
  const folders = new Set(images.map(folderOf));
  return folders.size > 1 && !folders.has('') ? images[0] : undefined;
}

/** What an archive is instead of COCO. */
export interface ArchiveDescription {
  /** Continues `The archive has no usable COCO file: …`, up to the full stop. */
  readonly what: string;
  readonly advice: string;
  /** The file that shows it. */
  readonly file?: string;
}

/**
 * Says what an archive without COCO is, and how to get COCO. Yields regularly.
 * @param otherFiles files that may have labels although they are not named as JSON
 */
export function* describeArchive(
  paths: readonly string[],
  jsonFiles: readonly JsonFile[],
  otherFiles: readonly JsonFile[],
): Steps<ArchiveDescription> {
  const other = otherFile(paths);
  if (other) return other;
  const json = yield* describeJsonFiles(jsonFiles);
  if (json?.isCertain) return json;
  const { known, unknown } = yield* describeOtherFiles(otherFiles);
  if (known) return byContent(known);
  const byNames = (formats: typeof FORMATS) => byPath(formats, paths, unknown);
  const found = byNames(FORMATS) ?? json ?? byNames(WEAK_FORMATS) ?? renamed(paths);
  if (found) return found;
  if (jsonFiles.length === 0 && !paths.some(mayHaveLabels))
    return { what: 'it has no JSON file, only images', advice: LABEL };
  const what =
    jsonFiles.length === 0
      ? 'it has no JSON file'
      : `none of its JSON files (${firstNames(jsonFiles)}) has the lists images and annotations`;
  return { what, advice: COCO_LAYOUT };
}

/** Two names of JSON files, which is as many as a message has room for. */
const firstNames = (jsonFiles: readonly JsonFile[]) =>
  `${jsonFiles
    .slice(0, 2)
    .map(({ path }) => shortPath(path))
    .join(', ')}${jsonFiles.length > 2 ? ', …' : ''}`;

/** JSON files that are looked at. In other formats, each file shows the format. */
const MAX_EXAMINED = 20;

function* describeJsonFiles(
  jsonFiles: readonly JsonFile[],
): Steps<(ArchiveDescription & JsonDescription) | undefined> {
  let first: (ArchiveDescription & JsonDescription) | undefined;
  for (const json of jsonFiles.slice(0, MAX_EXAMINED)) {
    const described = yield* jsonDescription(json);
    if (!described) continue;
    const named = { ...described, what: `${shortPath(json.path)} ${described.what}`, file: json.path };
    if (named.isCertain) return named;
    first ??= named;
  }
  return first;
}

function byPath(
  formats: typeof FORMATS,
  paths: readonly string[],
  unknown: readonly string[],
): ArchiveDescription | undefined {
  for (const [name, shown, toCoco = EXPORT_AS_COCO] of formats) {
    const file = shown(paths, unknown);
    if (file !== undefined)
      return { what: `it is ${name}, as ${shortPath(file)} shows`, advice: toCoco, file };
  }
  return undefined;
}

function otherFile(paths: readonly string[]): ArchiveDescription | undefined {
  const [inner, ...others] = nestedArchives(paths);
  if (inner !== undefined) return others.length > 0 ? archivesInside(inner, others) : archiveInside(inner);
  for (const [name, whatToDo] of OTHER_NAMES) {
    const file = paths.find((path) => name.test(path));
    if (file !== undefined) return mayHaveAnnotations(file, whatToDo);
  }
  return undefined;
}

const archivesInside = (inner: string, others: readonly string[]): ArchiveDescription => ({
  what: 'none of its files is a JSON file with COCO',
  advice: `It contains ${1 + others.length} other archives, ${[inner, ...others].slice(0, MAX_INNER).map(shortPath).join(', ')}${others.length >= MAX_INNER ? ', …' : ''}, which are not read. Export them together as one dataset, or unpack each into a folder of its own and zip these folders together.`,
  file: inner,
});

const archiveInside = (inner: string): ArchiveDescription => ({
  what: 'none of its files is a JSON file with COCO',
  advice: `It contains another archive, ${shortPath(inner)}: if that is the export, ${/\.zip$/i.test(inner) ? 'upload it instead' : 'unpack it and zip its files'}; if it has only the annotations or the images, unpack it, and zip its files together with the others.`,
  file: inner,
});

function byContent({ path, what, advice }: FileDescription): ArchiveDescription {
  return advice === undefined
    ? archiveInside(path)
    : { what: `${shortPath(path)} ${what}`, advice, file: path };
}

function renamed(paths: readonly string[]): ArchiveDescription | undefined {
  const file = paths.find((path) => NAMED_ANNOTATIONS.test(path));
  return file === undefined
    ? undefined
    : mayHaveAnnotations(file, 'rename it so that its name ends in .json.');
}

const mayHaveAnnotations = (file: string, whatToDo: string): ArchiveDescription => ({
  what: 'none of its files is a JSON file with COCO',
  advice: `If ${shortPath(file)} has the annotations, ${whatToDo}`,
  file,
});

/** Archives within an archive that a message names. */
const MAX_INNER = 3;
/** Characters of a path that a message shows. */
const MAX_PATH = 40;
const shortPath = (path: string) => (path.length <= MAX_PATH ? path : `…${path.slice(1 - MAX_PATH)}`);
