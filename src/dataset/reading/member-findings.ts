import { type DatasetFinding, warning } from '../model/findings.js';
import type { CocoFile } from './coco.js';
import type { Repeated } from './other-members.js';

/** The code of the finding, what contradicts what, and what was used. */
const KINDS: readonly (readonly [kinds: readonly Repeated[], code: string, what: string, used: string])[] = [
  [
    ['class'],
    'CATEGORY_NAMES_CONTRADICT',
    'The class name in annotations, such as `category_name`, is not that of their category_id',
    'category_id',
  ],
  [
    ['image'],
    'IMAGE_NAMES_CONTRADICT',
    'The image name in annotations, such as `file_name`, is not that of their image_id',
    'image_id',
  ],
  [
    ['box', 'keypoints'],
    'BOX_MEMBERS_CONTRADICT',
    'The keypoints or another box of annotations, such as `bbox_xyxy`, mark another place than their bbox',
    'bbox',
  ],
];

/** Reports annotations whose other members contradict the one that was used. */
export function memberFindings(files: readonly CocoFile[]): DatasetFinding[] {
  return KINDS.map(([kinds, code, what, used]) => {
    const found = files.flatMap(({ path, contradicting }) =>
      contradicting.filter(({ kind }) => kinds.includes(kind)).map((one) => ({ path, ...one })),
    );
    const count = found.reduce((sum, one) => sum + one.count, 0);
    const compared = found.reduce((sum, one) => sum + one.compared, 0);
    return warning(
      code,
      count,
      {
        headline: `${what} in ${count} of ${compared} annotations that have both.`,
        rest: `The ${used} was used, since nothing shows which is right. Check the boxes in the report, then correct or remove the wrong one.`,
      },
      found.flatMap(({ path, examples }) => examples.map((one) => `${path}: ${one}`)),
    );
  }).filter((finding) => finding !== undefined);
}
