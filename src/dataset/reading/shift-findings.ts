import { DatasetError } from '../model/errors.js';
import { type DatasetFinding, warning } from '../model/findings.js';
import type { CocoFile } from './coco.js';
import { annotationsOf } from './image-records.js';
import type { IdDoubt } from './shifted-ids.js';

/** The code of the finding, and what the report shows if the ids are wrong. */
const KINDS: Readonly<Record<IdDoubt['kind'], readonly [code: string, seen: string]>> = {
  images: ['IMAGE_IDS_SHIFTED', 'boxes on wrong images'],
  categories: ['CATEGORY_IDS_SHIFTED', 'boxes of wrong classes'],
};

/**
 * Refuses COCO files in which annotations certainly have other ids than those of their images or categories.
 * @throws DatasetError CocoInvalid
 */
export function refuseShiftedIds(files: readonly CocoFile[]): void {
  for (const file of files) {
    const certain = file.idDoubts.find(({ isCertain }) => isCertain);
    if (!certain) continue;
    const { what, advice } = certain;
    const message = `${file.path}: ${what}. ${advice.charAt(0).toUpperCase()}${advice.slice(1)}.`;
    throw new DatasetError('CocoInvalid', message, { file: file.path, count: annotationsIn(file) });
  }
}

/** Reports COCO files in which annotations may have other ids than those of their images or categories. */
export function shiftFindings(files: readonly CocoFile[]): DatasetFinding[] {
  return (['images', 'categories'] as const)
    .map((kind) => {
      const [code, seen] = KINDS[kind];
      const likely = files.flatMap((file) =>
        file.idDoubts.filter((doubt) => doubt.kind === kind).map((doubt) => ({ file, doubt })),
      );
      const [first] = likely;
      return warning(
        code,
        likely.reduce((sum, { file }) => sum + annotationsIn(file), 0),
        {
          headline: first ? `In ${first.file.path}, ${first.doubt.what}.` : '',
          rest: first
            ? `They were used as they are. If the report shows ${seen}, ${first.doubt.advice}.`
            : '',
        },
        likely.map(({ file }) => file.path),
      );
    })
    .filter((finding) => finding !== undefined);
}

const annotationsIn = ({ images, orphans }: CocoFile): number =>
  images.reduce((sum, image) => sum + annotationsOf(image), orphans);
