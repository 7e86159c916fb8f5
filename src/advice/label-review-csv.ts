import { doubtText } from './doubt-text.js';
import type { LabelReview } from './label-review.js';

const COLUMNS = [
  ...['file', 'reason', 'labelled', 'detected', 'confidence', 'left', 'top', 'width', 'height'],
  ...['image_width', 'image_height', 'question'],
];

/**
 * The list of doubtful labels as CSV (RFC 4180), the most doubtful first. Boxes are in pixels of an image of `image_width`
 * by `image_height`; confidences are 0 to 1.
 */
export function labelReviewCsv({ doubts, examined }: Pick<LabelReview, 'doubts' | 'examined'>): string {
  const rows = doubts.map((doubt) => {
    const { path, reason, labelled, detected, confidence, box, width, height } = doubt;
    return [
      ...[path, reason, labelled ?? '', detected ?? '', confidence?.toFixed(3) ?? ''],
      ...[box.left, box.top, box.width, box.height, width, height].map((value) => String(Math.round(value))),
      doubtText(doubt, examined),
    ];
  });
  return [COLUMNS, ...rows].map((row) => `${row.map(cell).join(',')}\r\n`).join('');
}

/** What a spreadsheet would run as a formula, also after spaces and in full width. */
const FORMULA = /^\s*[=+\-@\uff1d\uff0b\uff0d\uff20]/;
const NUMBER = /^-?\d+(\.\d+)?$/;

/**
 * A cell in quotes if it needs them; in some languages, spreadsheets separate cells by semicolons. A formula gets an
 * apostrophe before it.
 */
function cell(text: string): string {
  const safe = FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text;
  return /[",;\t\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
