import { COCO_CONVENTION } from '../model/box-conventions.js';
import { type DatasetFinding, warning } from '../model/findings.js';
import type { CocoFile } from './coco.js';
import type { UnusedRecord } from './placements.js';

/**
 * Reports records of COCO files that cannot be used but that nothing refers to, ids that Curator had to give, and
 * declarations that it does not know.
 * @param unused records without annotations whose name fits several files or none
 */
export function structureFindings(
  files: readonly CocoFile[],
  unused: readonly UnusedRecord[],
): DatasetFinding[] {
  const cases = (casesOf: (file: CocoFile) => readonly string[]) =>
    files.flatMap((file) => casesOf(file).map((one) => `${file.path}: ${one}`));
  const records = [
    ...cases(({ unusableRecords }) => unusableRecords),
    ...unused.map(({ file, what }) => `${file.path}: ${what}`),
  ];
  const categories = cases(({ categoriesWithoutId }) => categoriesWithoutId);
  const numbered = cases(({ numberedCategories }) => numberedCategories);
  const renamed = cases(({ renamedCategories }) => renamedCategories);
  const formats = cases(({ unknownFormats }) => unknownFormats);
  const repeated = cases(({ repeatedCategories }) => repeatedCategories);
  return [
    warning(
      'IMAGE_RECORDS_UNUSABLE',
      files.reduce((sum, { unusableCount }) => sum + unusableCount, unused.length),
      'Image records were ignored because their images or ids are not known, or their images are not in the archive. No annotation refers to them.',
      records,
    ),
    warning(
      'IDS_REWRITTEN',
      files.reduce((sum, { rewritten }) => sum + rewritten.count, 0),
      'Annotations write the ids of images or categories differently than their records, such as with leading zeros. Each fits one record only, which was used. Check the boxes in the report.',
      cases(({ rewritten }) => rewritten.examples),
    ),
    warning(
      'CATEGORIES_WITHOUT_ID',
      categories.length,
      'Categories have no id, so annotations can use them only by name. If annotations of these classes are missing, export again.',
      categories,
    ),
    warning(
      'CATEGORIES_NUMBERED',
      numbered.length,
      'Categories are bare names without ids. Their ids were counted in the only way that fits the annotations. Check the classes in the report.',
      numbered,
    ),
    warning(
      'CATEGORIES_NAMED_BY_SUPERCATEGORY',
      renamed.length,
      'The names of categories are their ids, so the names of their super-categories were used. Check the classes in the report.',
      renamed,
    ),
    warning(
      'BOX_FORMATS_UNKNOWN',
      files.filter(({ unknownFormats }) => unknownFormats.length > 0).length,
      `COCO files declare how boxes are written in words that are not known. The boxes were read as ${COCO_CONVENTION} in pixels. Check them in the report.`,
      formats,
    ),
    warning(
      'CATEGORIES_REPEATED',
      repeated.length,
      'Categories with different ids have one name and were read as one class. If they are different classes, rename them.',
      repeated,
    ),
  ].filter((finding) => finding !== undefined);
}
