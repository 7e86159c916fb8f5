/** Label files in other formats than COCO, beside the COCO files that are used. They are reported and never used. */

import { groupBy } from '../../lib/group-by.js';
import { byCodePoint } from '../../lib/order.js';
import { agreeing, plural } from '../../lib/plural.js';
import type { Steps } from '../../lib/steps.js';
import { type DatasetFinding, warning } from '../model/findings.js';
import { lookOf } from '../model/label-look.js';
import type { LabelledImage } from '../model/types.js';
import type { JsonFile } from './json-file.js';
import {
  type Edges,
  edgesOf,
  type LabelObject,
  labelmeObjects,
  type ReadObjects,
  vocObjects,
  yoloObjects,
} from './label-objects.js';
import { formatOfLabels, mayHaveLabels, textOf } from './other-files.js';
import { baseName, stemOf } from './resolve.js';
import { subsetOf } from './same-names.js';

const YOLO = 'a YOLO export';
/** Formats with a file per image, by their names. */
const READERS: Readonly<Record<string, ReadObjects>> = {
  'a labelme export': labelmeObjects,
  'a Pascal VOC export (XML)': vocObjects,
  [YOLO]: yoloObjects,
};
/** Endings of the files of these formats. */
const ENDINGS = /\.(?:json|xml|txt)$/i;

/** Files of one ending that are read. */
const MAX_READ = 20;
/** Share of the read files whose objects must differ from COCO, and their least number, to say that the labels do. */
const MANY = 0.2;
const MIN_DIFFERENT = 2;
/** How far the edges of a box may differ, as a share of the image. */
const TOLERANCE = 0.02;

/** Label files of one ending. */
interface LabelFiles {
  readonly format: string;
  readonly paths: readonly string[];
  /** Files that could be compared with COCO. */
  readonly compared: number;
  /** Those of them whose objects differ, with how. */
  readonly different: readonly string[];
}

/**
 * Reports label files of other formats, one for each image: that they are not used, and, if that is so, that their objects
 * are not those of the COCO files. Few files are read, and only their beginnings. Yields regularly.
 * @param files all files that may have labels
 * @param images the images of the COCO files
 * @param defined the classes that the COCO files define
 */
export function* labelFiles(
  files: readonly JsonFile[],
  images: readonly LabelledImage[],
  defined: ReadonlySet<string>,
): Steps<DatasetFinding[]> {
  const byName = groupBy(images, ({ path }) => nameOf(path));
  const named = files.filter(
    ({ path }) => ENDINGS.test(path) && mayHaveLabels(path) && byName.has(nameOf(path)),
  );
  const byEnding = groupBy(named, ({ path }) => path.slice(path.lastIndexOf('.')).toLowerCase());
  const found: LabelFiles[] = [];
  for (const same of byEnding.values()) {
    const read = yield* compare(same, byName, new Set([...defined].map(lookOf)));
    if (read) found.push(read);
  }
  return [unused(found.filter((one) => !differs(one))), different(found.filter(differs))].filter(
    (finding) => finding !== undefined,
  );
}

const differs = ({ compared, different }: LabelFiles) =>
  different.length >= MIN_DIFFERENT && different.length > MANY * compared;

/** The name of an image, or of the file with its labels, without folders and endings. */
const nameOf = (path: string) => stemOf(baseName(path).replace(ENDINGS, '')).toLowerCase();

function* compare(
  files: readonly JsonFile[],
  byName: ReadonlyMap<string, readonly LabelledImage[]>,
  classes: ReadonlySet<string>,
): Steps<LabelFiles | undefined> {
  const sorted = [...files].sort((a, b) => byCodePoint(a.path, b.path));
  const texts: { readonly path: string; readonly text: string }[] = [];
  for (const file of spread(sorted)) texts.push({ path: file.path, text: yield* textOf(file) });
  const format = texts.map(({ text }) => formatOfLabels(text)?.name ?? '').find((name) => name in READERS);
  const readObjects = format === undefined ? undefined : READERS[format];
  if (format === undefined || !readObjects) return undefined;
  const read = texts.flatMap(({ path, text }) => {
    const [image, ...others] = imagesOf(path, byName.get(nameOf(path)) ?? []);
    // An image without objects has an empty file in YOLO.
    const isOfFormat = text.trim() === '' ? format === YOLO : formatOfLabels(text)?.name === format;
    const objects = isOfFormat && others.length === 0 ? readObjects(text) : undefined;
    return image && objects ? [{ path, image, objects }] : [];
  });
  const counts = classesInCoco(read, classes);
  const different = read.flatMap(({ path, image, objects }) => {
    const difference = differenceOf(objects.filter(counts), image);
    return difference === undefined ? [] : [`${path}: ${difference}`];
  });
  return { format, paths: sorted.map(({ path }) => path), compared: read.length, different };
}

/** The images of the name of a label file; of several, those of its split. */
const imagesOf = (path: string, named: readonly LabelledImage[]) =>
  named.length < 2 ? named : named.filter((image) => subsetOf(image.path) === subsetOf(path));

interface ReadFile {
  readonly path: string;
  readonly image: LabelledImage;
  readonly objects: readonly LabelObject[];
}

/**
 * Whether the COCO files have the class of an object, since they may have some of the classes only: classes of its name, or
 * boxes on objects of its number. Without any such class, all objects count.
 */
function classesInCoco(
  read: readonly ReadFile[],
  classes: ReadonlySet<string>,
): (object: LabelObject) => boolean {
  const numbers = new Set(
    read.flatMap(({ image, objects }) =>
      objects.flatMap((object) =>
        'number' in object.class && isLabelled(object, image) ? object.class.number : [],
      ),
    ),
  );
  const isInCoco = (object: LabelObject) =>
    'number' in object.class
      ? numbers.has(object.class.number)
      : classes.has(lookOf(object.class.name ?? ''));
  return read.some(({ objects }) => objects.some(isInCoco)) ? isInCoco : () => true;
}

/** Whether a box of the image lies on an object. */
function isLabelled({ edges }: LabelObject, image: LabelledImage): boolean {
  return edges !== undefined && edgesIn(image).some((own) => areNear(own, edges));
}

/** The edges of the boxes of an image; none if its size is not known. */
function edgesIn({ boxes, width, height }: LabelledImage): readonly Edges[] {
  if (width === null || height === null) return [];
  return boxes
    .map((box) => edgesOf([box.x, box.y, box.width, box.height], width, height))
    .filter((edges) => edges !== undefined);
}

/** At most MAX_READ of the files, in equal distances. */
function spread<Item>(items: readonly Item[]): readonly Item[] {
  const step = Math.max(1, items.length / MAX_READ);
  const count = Math.min(MAX_READ, items.length);
  return Array.from({ length: count }, (_, i) => items[Math.floor(i * step)]).filter(
    (item) => item !== undefined,
  );
}

/** What the objects of a label file have that the boxes of the image have not; undefined if they may be the same. */
function differenceOf(objects: readonly LabelObject[], image: LabelledImage): string | undefined {
  const { boxes, annotations } = image;
  if (objects.length !== boxes.length && objects.length !== annotations) {
    return `${plural(objects.length, 'object')}, in COCO ${boxes.length}`;
  }
  const edges = objects.map((object) => object.edges).filter((one) => one !== undefined);
  if (edges.length < objects.length) return undefined;
  const isElsewhere = edgesIn(image).some((own) => !edges.some((other) => areNear(own, other)));
  return isElsewhere ? 'objects in other places than in COCO' : undefined;
}

/** Tools cut boxes at the edge of the image, or do not. */
const areNear = (one: Edges, other: Edges) =>
  one.every((edge, i) => Math.abs(inImage(edge) - inImage(other[i] ?? 0)) <= TOLERANCE);

const inImage = (fraction: number) => Math.min(1, Math.max(0, fraction));

function unused(found: readonly LabelFiles[]): DatasetFinding | undefined {
  const paths = found.flatMap((one) => one.paths);
  const few = found.flatMap((one) => one.different);
  const differing =
    few.length > 0
      ? ` Of ${comparedIn(found)} that were compared, ${few.length} ${agreeing(few.length, 'has', 'have')} other objects.`
      : '';
  return warning(
    'LABEL_FILES_UNUSED',
    paths.length,
    `Label files in another format are beside the COCO files: ${formatsOf(found)}. Only the COCO files are used.${differing} If the others are newer, export them in COCO format.`,
    few.length > 0 ? few : paths,
  );
}

function different(found: readonly LabelFiles[]): DatasetFinding | undefined {
  const cases = found.flatMap((one) => one.different);
  return warning(
    'LABEL_FILES_DISAGREE',
    cases.length,
    {
      headline: `Label files beside the COCO file, ${formatsOf(found)}, have other objects in ${cases.length} of ${comparedIn(found)} that were compared, so boxes may be wrong.`,
      rest: 'Only the COCO file is used. If the others are right, export them in COCO format. If not, remove them.',
    },
    cases,
  );
}

const comparedIn = (found: readonly LabelFiles[]) =>
  plural(
    found.reduce((sum, { compared }) => sum + compared, 0),
    'image',
  );

const formatsOf = (found: readonly LabelFiles[]) =>
  [...new Set(found.map(({ format }) => format))].sort(byCodePoint).join(', ');
