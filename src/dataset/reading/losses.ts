import { byCodePoint } from '../../lib/order.js';
import { annotationsWarning, type DatasetFinding, warning } from '../model/findings.js';
import type { CocoFile } from './coco.js';
import type { AnnotationFault } from './misnamed.js';

/** Annotations that cannot be used, by image. */
export interface LostAnnotations {
  readonly image: { readonly path: string };
  /** Counts by reason. */
  readonly dropped: Readonly<Record<string, number>>;
  /** One bbox that cannot be used, as text, by reason. */
  readonly badBoxes: Readonly<Record<string, string>>;
  /** The annotations among those dropped as `duplicate` whose box is not exactly that of another. */
  readonly nearCopies: number;
}

const REASONS: readonly (readonly [reason: string, code: string, what: string])[] = [
  [
    'deleted',
    'BOXES_DELETED',
    'are marked as deleted, belong to an image that is, or are marked as `outside` in a CVAT track (the object has left the picture), and were dropped. To keep them, restore them in the labelling tool and export again',
  ],
  [
    'crowd',
    'BOXES_CROWD',
    'surround a group of objects (iscrowd) and were dropped. CVAT writes iscrowd for each brush mask and ellipse, also of a single object. Set KEEP_CROWD=true to keep them',
  ],
  ['invalid-box', 'BOXES_INVALID', 'have no bbox, polygon or mask that can be read, and were dropped'],
  [
    'empty-box',
    'BOXES_EMPTY',
    'have a bbox whose width or height is zero or negative, and were dropped. Write each bbox as [left, top, width, height] with the left and top edge first, or label them again',
  ],
  [
    'panoptic',
    'BOXES_PANOPTIC',
    'are panoptic segments (segments_info), not boxes, and were dropped. Export COCO for object detection',
  ],
];

const WRITE_BBOX = 'Write each bbox as a list of four numbers, [left, top, width, height] in pixels';

/**
 * Reports dropped annotations: one finding per reason with count, share and cases.
 * @param found all annotations of the COCO files that count
 */
export function lossFindings(
  images: readonly LostAnnotations[],
  files: readonly CocoFile[],
  found: number,
): DatasetFinding[] {
  const lost = (code: string, count: number, what: string, cases: readonly string[]) =>
    annotationsWarning(code, { count, found }, what, cases);
  const countOf = (reason: string) => images.reduce((sum, { dropped }) => sum + (dropped[reason] ?? 0), 0);
  const casesOf = (reason: string) =>
    images.flatMap(({ image: { path }, dropped: { [reason]: count = 0 }, badBoxes: { [reason]: bbox } }) => {
      if (count === 0) return [];
      if (bbox === undefined) return [`${path}: ${count}`];
      return [`${path}: ${count > 1 ? `${count}, such as ${bbox}` : bbox}`];
    });
  const faults = (member: AnnotationFault['member']) =>
    files.flatMap((file) =>
      // Without the index: the finding is the same in any order of the annotations.
      file.faults.flatMap((one) => (one.member === member ? [`${file.path}: ${one.what}`] : [])),
    );
  return [
    ...REASONS.map(([reason, code, what]) =>
      lost(code, countOf(reason), reason === 'invalid-box' ? invalid(what, files) : what, casesOf(reason)),
    ),
    lost('BOXES_REPEATED', countOf('duplicate'), repeated(images), casesOf('duplicate')),
    lost(
      'ANNOTATIONS_WITHOUT_IMAGE',
      files.reduce((sum, file) => sum + file.orphans, 0),
      'have no image_id, or one that no image of their COCO file has, and were dropped. Export images and annotations together',
      [
        ...faults('image_id'),
        ...files.flatMap(({ path, orphanIds }) => orphanIds.map((id) => `${path}: image_id ${id}`)),
      ],
    ),
    lost(
      'LABELS_UNDEFINED',
      countOf('unknown-category'),
      'have no category_id, or one that their COCO file does not define, and were dropped. Define the category, or export again',
      [
        ...faults('category_id'),
        ...files.flatMap(({ path, undefinedIds }) => undefinedIds.map((id) => `${path}: category_id ${id}`)),
      ],
    ),
  ].filter((finding) => finding !== undefined);
}

/** Says what an annotation of a known form has, the same in any order of the file, and what to do about it. */
function invalid(what: string, files: readonly CocoFile[]): string {
  const [first] = files
    .flatMap(({ path, faults }) =>
      faults.flatMap((one) =>
        one.member === 'bbox' ? `In ${path}, an annotation ${one.what}. ${one.advice}` : [],
      ),
    )
    .sort(byCodePoint);
  return first === undefined ? `${what}. ${WRITE_BBOX}` : `${what}. ${first.replace(/\.$/, '')}`;
}

function repeated(images: readonly LostAnnotations[]): string {
  const near = images.reduce((sum, { nearCopies }) => sum + nearCopies, 0);
  const how = near > 0 ? ` (${near} of them with edges within a pixel, or 95 % of the area in common)` : '';
  return `are the same box in the same class as another annotation of their image${how}, and were dropped`;
}

/** The record of an image whose boxes may be unusual, with the path of its file. */
interface NotedRecord {
  readonly path: string;
  readonly image: NotedBoxes;
}

interface NotedBoxes {
  readonly fromShapes: Readonly<Record<string, number>>;
  readonly converted: Readonly<Record<string, number>>;
  readonly shapesRead: Readonly<Record<string, number>>;
  readonly disagreeing: number;
  readonly turned: number;
  readonly unturned: number;
  readonly marked: Readonly<Record<string, number>>;
}

/**
 * Reports boxes whose bbox is not in COCO's convention, marks another place than the polygon or mask beside it, or has a
 * rotation or a mark.
 */
export function shapeFindings(records: readonly NotedRecord[]): DatasetFinding[] {
  const fromShapes = totals(records, ({ fromShapes }) => fromShapes);
  const converted = totals(records, (image) => image.converted);
  const shapesRead = totals(records, (image) => image.shapesRead);
  const disagreeing = totals(records, (image) => (image.disagreeing > 0 ? { bbox: image.disagreeing } : {}));
  const turned = totals(records, (image) => (image.turned > 0 ? { bbox: image.turned } : {}));
  const unturned = totals(records, (image) => (image.unturned > 0 ? { bbox: image.unturned } : {}));
  const marked = totals(records, (image) => image.marked);
  return [
    warning(
      'BOXES_FROM_SHAPES',
      fromShapes.count,
      `The bbox of annotations is not [left, top, width, height] in pixels of the object; their polygons or masks were used instead. Their bbox is: ${fromShapes.listed}.`,
      fromShapes.paths,
    ),
    warning(
      'BOXES_CONVERTED',
      converted.count,
      `The bbox of annotations without polygon or mask was read in the convention that the COCO file declares, or shows by polygons, masks, areas or image sizes: ${converted.listed}. Check the boxes in the report.`,
      converted.paths,
    ),
    warning(
      'SHAPES_CONVERTED',
      shapesRead.count,
      `The segmentation of annotations is not polygons of x, y in pixels or masks as COCO defines them. It is: ${shapesRead.listed}. Their bbox was used; without one, the segmentation was read like this. Check the boxes in the report.`,
      shapesRead.paths,
    ),
    warning(
      'BOXES_DISAGREE_WITH_SHAPES',
      disagreeing.count,
      {
        headline:
          'The bbox of annotations overlaps the bounds of their own polygon or mask by less than half.',
        rest: 'The bbox was used. Check the boxes in the report.',
      },
      disagreeing.paths,
    ),
    warning(
      'BOXES_ROTATED',
      turned.count,
      'Annotations have an angle in `attributes.rotation`, as CVAT writes rotated rectangles, so the box around the rotated rectangle was used. Check the boxes in the report. If the angle means something else, remove it.',
      turned.paths,
    ),
    warning(
      'ROTATIONS_NOT_APPLIED',
      unturned.count,
      'Annotations state a rotation that was not applied, because nothing shows that their bbox is stated before rotation, or other numbers contradict it. Check the boxes in the report. If they are misplaced, export polygons, or a bbox around each rotated object.',
      unturned.paths,
    ),
    warning(
      'BOXES_MARKED',
      marked.count,
      `Annotations have a mark that says that they may not be labels to learn: ${marked.listed}. They were used as all others, because the model would learn the objects as background without them. Remove annotations that are not to be learned from the COCO file.`,
      marked.paths,
    ),
  ].filter((finding) => finding !== undefined);
}

/** Adds up the counts of all images: their sum, a list such as `percent (12), not readable (3)`, and the images. */
function totals(
  records: readonly NotedRecord[],
  countsOf: (image: NotedBoxes) => Readonly<Record<string, number>>,
): { readonly count: number; readonly listed: string; readonly paths: readonly string[] } {
  const sums = new Map<string, number>();
  const paths: string[] = [];
  for (const { path, image } of records) {
    const counts = Object.entries(countsOf(image));
    for (const [what, n] of counts) sums.set(what, (sums.get(what) ?? 0) + n);
    if (counts.length > 0) paths.push(path);
  }
  const listed = [...sums]
    .sort(([a, m], [b, n]) => n - m || byCodePoint(a, b))
    .map(([what, n]) => `${what} (${n})`);
  return { count: [...sums.values()].reduce((sum, n) => sum + n, 0), listed: listed.join(', '), paths };
}
