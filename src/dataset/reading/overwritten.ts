import { lieElsewhere } from '../model/same-places.js';
import type { SourceBox } from '../model/types.js';
import type { ChosenRecords } from './join-files.js';
import { ofFirst } from './labelled-images.js';
import type { Placement } from './placements.js';

/**
 * Finds the images whose records in one COCO file probably describe several pictures of one name, of which the archive
 * has only the last: the records state different sizes, or most of their boxes lie elsewhere.
 * @returns the paths of these images
 */
export function overwrittenImages(chosen: ReadonlyMap<string, ChosenRecords>): string[] {
  const repeated = [...chosen].flatMap(([path, { own }]) => {
    const records = ofFirst(own);
    return records.length > 1 ? [{ path, records }] : [];
  });
  const areParts = isDivided(repeated.map(({ records }) => records));
  return repeated.flatMap(({ path, records }) =>
    stateTwoSizes(records) || (!areParts && contradict(records)) ? [path] : [],
  );
}

type Records = readonly Placement[];

function stateTwoSizes(records: Records): boolean {
  const sizes = records.flatMap(({ image, scaledFrom }) => {
    const { width, height } = scaledFrom ?? image;
    return width === null || height === null ? [] : [`${width} x ${height}`];
  });
  return new Set(sizes).size > 1;
}

/**
 * Whether an exporter wrote one record per object or per class: no record has several boxes, or no class is in two
 * records of an image, and the number of records follows from the image. Pictures that overwrote one another have one
 * record per folder instead.
 */
function isDivided(images: readonly Records[]): boolean {
  const isByFolder = new Set(images.map(({ length }) => length)).size <= 1;
  if (isByFolder) return false;
  const areByObject = images.every((records) => records.every(({ image }) => image.boxes.length <= 1));
  return areByObject || images.every(haveDifferentClasses);
}

function haveDifferentClasses(records: Records): boolean {
  const classes = records.flatMap(({ image }) => [...new Set(image.boxes.map(({ label }) => label))]);
  return new Set(classes).size === classes.length;
}

function contradict(records: Records): boolean {
  const labelled = records.filter(({ image }) => image.boxes.length > 0);
  const [first, ...others] = labelled.map(({ image }) => image.boxes.map(rectangleOf));
  return first !== undefined && others.some((boxes) => lieElsewhere(boxes, first));
}

const rectangleOf = ({ x, y, width, height }: SourceBox) => ({ left: x, top: y, width, height });
