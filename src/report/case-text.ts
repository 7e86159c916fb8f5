import type { CaseImage } from './facts.js';

/** What a case says about its image, without the path before it; empty if it is the path only. */
export function caseText(example: string, path: string): string {
  const start = `${path}: `;
  return example.startsWith(start) ? example.slice(start.length) : '';
}

/**
 * The side of the split that an image of a case is on; null if the dataset was not split. Leaks of the export's split are
 * about its own sides.
 */
export function sideText(
  code: string,
  { split, exported }: Pick<CaseImage, 'split' | 'exported'>,
  isSplit: boolean,
): string | null {
  if (code === 'EXPORT_SPLIT_LEAKS') return exported && `${exported} of the export`;
  return isSplit ? (split ?? 'not used') : null;
}
