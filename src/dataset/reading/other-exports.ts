import { EXPORT_FROM_TOOLS, isLabelStudioJson } from '../model/other-formats.js';
import { folderOf, isImageFile } from './resolve.js';

const COCO_LAYOUT =
  'Export in COCO format, such as train/_annotations.coco.json beside its images, or annotations/*.json with images/.';

interface Contents {
  readonly paths: readonly string[];
  /** The first bytes of each JSON file as text, by path. */
  readonly json: ReadonlyMap<string, string>;
}

/** Formats of other exporters, the most specific first. */
const FORMATS: readonly (readonly [name: string, holds: (contents: Contents) => boolean])[] = [
  ['a list of COCO annotations without images', ({ json }) => some(json, /^\s*\[\s*\{[^{}]*"image_id"/)],
  [
    'a CreateML export',
    ({ paths, json }) =>
      paths.some((path) => /createml[^/]*\.json$/i.test(path)) ||
      some(json, /^\s*\[\s*\{[\s\S]*"coordinates"/),
  ],
  ['a Label Studio JSON export', ({ json }) => [...json.values()].some(isLabelStudioJson)],
  ['a labelme export', ({ json }) => some(json, /"shapes"\s*:/)],
  ['a VGG Image Annotator export', ({ json }) => some(json, /"(?:regions|_via_img_metadata)"\s*:/)],
  ['a Pascal VOC export (XML)', ({ paths }) => paths.some((path) => /\.xml$/i.test(path))],
  ['a TensorFlow export (TFRecord)', ({ paths }) => paths.some((path) => /\.tfrecords?$/i.test(path))],
  ['a YOLO export', isYolo],
  [
    'JSON Lines, with one JSON object per line',
    ({ paths, json }) =>
      some(json, /^\s*\{[^\n]*\}\s*\n\s*\{/) || paths.some((path) => /\.(?:jsonl|ndjson)$/i.test(path)),
  ],
  ['a CSV export', ({ paths }) => paths.some((path) => /\.csv$/i.test(path))],
  ['a classification dataset (a folder per class, without boxes)', isFolderPerClass],
];

const some = (json: ReadonlyMap<string, string>, pattern: RegExp) =>
  [...json.values()].some((text) => pattern.test(text));

function isYolo({ paths }: Contents): boolean {
  if (
    paths.some((path) =>
      /(?:^|\/)(?:data\.ya?ml|classes\.txt|obj\.names|obj\.data|darknet\.labels)$/i.test(path),
    )
  )
    return true;
  const stems = new Set(paths.filter(isImageFile).map((path) => stemOf(path)));
  return paths.some((path) => /\.txt$/i.test(path) && stems.has(stemOf(path)));
}

const stemOf = (path: string) => path.slice(path.lastIndexOf('/') + 1).replace(/\.[^.]*$/, '');

function isFolderPerClass({ paths }: Contents): boolean {
  const folders = new Set(paths.filter(isImageFile).map(folderOf));
  return folders.size > 1 && !folders.has('');
}

/** Bytes of a JSON file that tell its format. */
const HEAD_BYTES = 16 * 1024;

/** Says what the archive is instead of COCO, and how to get COCO. */
export function adviceFor(
  paths: readonly string[],
  jsonFiles: readonly { readonly path: string; readonly bytes: Uint8Array }[],
): string {
  const inner = paths.find((path) => path.toLowerCase().endsWith('.zip'));
  if (inner !== undefined)
    return `It contains another archive, ${inner}: if that is the export, upload it instead.`;
  const renamed = paths.find((path) => /\.json\.txt$/i.test(path));
  if (renamed !== undefined)
    return `If ${renamed} has the annotations, rename it so that its name ends in .json.`;
  const packed = paths.find((path) => /\.json\.(?:gz|bz2|xz|zst)$/i.test(path));
  if (packed !== undefined)
    return `If ${packed} has the annotations, unpack it and zip the JSON file with the images.`;
  const json = new Map(
    jsonFiles.map(({ path, bytes }) => [path, new TextDecoder().decode(bytes.subarray(0, HEAD_BYTES))]),
  );
  const format = FORMATS.find(([, holds]) => holds({ paths, json }));
  return format ? `It looks like ${format[0]}. Export it in COCO format. ${EXPORT_FROM_TOOLS}` : COCO_LAYOUT;
}
