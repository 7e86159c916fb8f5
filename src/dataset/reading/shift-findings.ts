import { DatasetError } from '../model/errors.js';
import { type DatasetFinding, warning } from '../model/findings.js';
import type { CocoFile } from './coco.js';
import { annotationsOf } from './image-records.js';
import type { IdShift, IdShifts } from './shifted-ids.js';

interface ShiftText {
  readonly code: string;
  /** What the ids belong to, and what is wrong with the boxes if they are shifted. */
  readonly record: string;
  readonly member: string;
  readonly harm: string;
  /** The same as something that a person can see in the report. */
  readonly seen: string;
}

const TEXTS: Readonly<Record<keyof IdShifts, ShiftText>> = {
  images: {
    code: 'IMAGE_IDS_SHIFTED',
    ...{ record: 'images', member: 'an image_id', harm: 'boxes would be on the wrong images' },
    seen: 'boxes are on the wrong images',
  },
  categories: {
    code: 'CATEGORY_IDS_SHIFTED',
    ...{ record: 'categories', member: 'a category_id', harm: 'boxes would have the wrong class' },
    seen: 'boxes have the wrong class',
  },
};

const KINDS = ['images', 'categories'] as const;

/**
 * Refuses COCO files in which the ids of annotations are certainly shifted by one.
 * @throws DatasetError CocoInvalid
 */
export function refuseShiftedIds(files: readonly CocoFile[]): void {
  for (const file of files) {
    for (const kind of KINDS) {
      const shift = file.shifts[kind];
      if (!shift?.isCertain) continue;
      const message = `${file.path}: ${describe(TEXTS[kind], shift)}. Number ${TEXTS[kind].record} and annotations from the same start and export again.`;
      throw new DatasetError('CocoInvalid', message, { file: file.path, count: annotationsIn(file) });
    }
  }
}

/** Reports COCO files in which the ids of annotations may be shifted by one. */
export function shiftFindings(files: readonly CocoFile[]): DatasetFinding[] {
  return KINDS.map((kind) => {
    const text = TEXTS[kind];
    const likely = files.flatMap((file) => {
      const shift = file.shifts[kind];
      return shift ? [{ file, described: describe(text, shift) }] : [];
    });
    const [first] = likely;
    return warning(
      text.code,
      likely.reduce((sum, { file }) => sum + annotationsIn(file), 0),
      {
        headline: first ? `In ${first.file.path}, ${first.described}.` : '',
        rest: `The ids were used as they are. Check the report: if ${text.seen}, number ${text.record} and annotations from the same start and export again.`,
      },
      likely.map(({ file }) => file.path),
    );
  }).filter((finding) => finding !== undefined);
}

function describe({ record, member, harm }: ShiftText, { used, defined, beyond }: IdShift): string {
  const ids = `annotations have ${member} from ${used.join(' to ')}, but ${record} have ids from ${defined.join(' to ')}`;
  const boxes =
    beyond > 0 ? `, and ${beyond} boxes reach beyond their images and fit with shifted ids` : `, so ${harm}`;
  return `the ids of ${record} seem to be shifted by one: ${ids}${boxes}`;
}

const annotationsIn = ({ images, orphans }: CocoFile): number =>
  images.reduce((sum, image) => sum + annotationsOf(image), orphans);
