/** The refusal and the warnings about boxes that are not [left, top, width, height] in pixels. */

import { agreeing, plural } from '../../lib/plural.js';
import { COCO_CONVENTION, EXCHANGED, LOWER_LEFT_FIRST } from '../model/box-conventions.js';
import { DatasetError } from '../model/errors.js';
import { type DatasetFinding, warning } from '../model/findings.js';
import type { FractionPart } from './fractions.js';
import type { ConventionFacts, OtherConvention } from './other-conventions.js';

const AS_COCO = `${COCO_CONVENTION} in pixels`;
const EXPORT = `Export again with each bbox as ${AS_COCO}.`;
const EXPORT_SHAPES =
  'Export again with each bbox as [left, top, width, height] in pixels, or with points as x, y in pixels.';

/**
 * Refuses boxes that are certainly not [left, top, width, height] in pixels.
 * @throws DatasetError CocoInvalid
 */
export function refuseOtherConventions({ other }: ConventionFacts): void {
  const certain = other.find(({ isCertain }) => isCertain);
  if (!certain) return;
  const { cocoFile, shown, paths } = certain;
  throw new DatasetError('CocoInvalid', `${cocoFile}: ${describe(certain)}. ${adviceFor(certain)}`, {
    file: cocoFile,
    count: shown,
    examples: paths,
  });
}

/** What the boxes look like, as the rest of a sentence about their COCO file. */
function describe(one: OtherConvention): string {
  const { boxes, shown, areOfShapes, isPartial } = one;
  const some = areOfShapes
    ? `the segmentation of ${shown} of ${plural(boxes, 'annotation')}`
    : `${isPartial ? `${shown} of ` : 'all '}${plural(boxes, 'box')}`;
  switch (one.kind) {
    case 'fractions':
      return areOfShapes
        ? `${some} lies within 0 to 1. It looks like fractions of the image size. ${COCO_SHAPES}`
        : `${shown} of ${plural(boxes, 'box')} ${fractionsText(one.part, shown)}`;
    case 'range':
      return describeRange(one.end, areOfShapes && !isPartial ? `all ${boxes} polygons or masks` : some);
    case 'beyond':
      return areOfShapes
        ? `${some} reaches beyond its image. It looks like polygons with y before x, or masks by rows. ${COCO_SHAPES}`
        : `${shown} of ${plural(boxes, 'box')} ${agreeing(shown, 'reaches', 'reach')} beyond their image when read as ${COCO_CONVENTION}: ${isPartial ? 'the boxes of their images' : 'they'} look like ${formsIn(one.fitting)}`;
  }
}

function fractionsText(part: FractionPart, shown: number): string {
  const have = agreeing(shown, 'has', 'have');
  switch (part) {
    case 'all':
      return `${agreeing(shown, 'lies', 'lie')} within 0 to 1, so they look like fractions of the image size`;
    case 'sizes':
      return `${have} a width and height within 0 to 1, so these look like fractions of the image size, though the positions are in pixels`;
    case 'positions':
      return `${have} a position within 0 to 1, so these look like fractions of the image size, though width and height are in pixels`;
  }
}

const COCO_SHAPES = 'COCO has points as x, y in pixels, and masks by columns';

function describeRange(end: number, boxes: string): string {
  const lie = `${boxes} lie within 0 to ${end}, though`;
  return end === 100
    ? `${lie} the images are larger: they look like percent of the image size`
    : `${lie} the images have other sizes: they look relative to the image size`;
}

/** What else looks like a convention. */
const LOOKALIKES: Readonly<Record<string, string>> = {
  [EXCHANGED]: ', or like boxes of images that lost an EXIF rotation by 90°',
  [LOWER_LEFT_FIRST]: ', or like corners [left, top, right, bottom] with y from the lower edge of the image',
};

const formsIn = (fitting: readonly string[]): string =>
  fitting.join(' or ') + fitting.map((name) => LOOKALIKES[name] ?? '').join('');

function adviceFor(one: OtherConvention): string {
  if (one.areOfShapes) return EXPORT_SHAPES;
  if (one.kind !== 'range') return EXPORT;
  return `${EXPORT} Or multiply x by the image width and y by its height, and divide by ${one.end}.`;
}

/** The file with the most such boxes, and the number of others; an export can have hundreds. */
function filesText(likely: readonly OtherConvention[]): string {
  const [most, ...others] = [...likely].sort((a, b) => b.shown - a.shown);
  if (!most) return '';
  const more = others.length > 0 ? `; and in ${plural(others.length, 'more file')}` : '';
  return `in ${most.cocoFile} ${describe(most)}${more}`;
}

/** Warns of boxes that are perhaps in another convention, and of boxes that reach beyond their image. */
export function conventionFindings({ other, beyond }: ConventionFacts): DatasetFinding[] {
  const likely = other.filter(({ isCertain }) => !isCertain);
  return [
    warning(
      'BOXES_IN_OTHER_CONVENTION',
      likely.reduce((sum, { isPartial, shown, boxes }) => sum + (isPartial ? shown : boxes), 0),
      {
        headline: `Boxes are probably not as COCO defines them: ${filesText(likely)}.`,
        rest: 'Check them in the report and export them again.',
      },
      likely.flatMap(({ paths }) => paths),
    ),
    warning(
      'BOXES_BEYOND_IMAGE',
      beyond.boxes,
      {
        headline: 'Boxes reach beyond their image by more than 2 % of its side.',
        rest: `They were cut at the edge, or dropped if nothing is left.${beyond.fitting.length > 0 ? ` All would fit as ${formsIn(beyond.fitting)}.` : ''} Check them in the report, and that the images are those that were labelled.`,
      },
      beyond.paths,
    ),
  ].filter((finding) => finding !== undefined);
}
