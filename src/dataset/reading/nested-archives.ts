import { byCodePoint } from '../../lib/order.js';
import { type DatasetFinding, warning } from '../model/findings.js';

const ARCHIVE = /\.(?:(?:zip|7z|rar)(?:\.\d{3})?|tar|tgz|tbz2?|txz|tar\.(?:gz|bz2|xz|zst))$/i;

/** The archives within an archive, sorted. They are not read. */
export const nestedArchives = (paths: readonly string[]): string[] =>
  paths.filter((path) => ARCHIVE.test(path)).sort(byCodePoint);

/** What to do if an archive within the archive may hold what is missing. */
export const unpackAdvice = (inner: string): string =>
  `The archive contains ${inner}, which is not read: unpack it, and zip its files together with the others.`;

/** The finding on archives within an archive some of whose images are missing; undefined if there are none. */
export function nestedFinding(paths: readonly string[], missing: number): DatasetFinding | undefined {
  const nested = missing > 0 ? nestedArchives(paths) : [];
  return warning(
    'ARCHIVES_NESTED',
    nested.length,
    'The archive contains other archives, which are not read, and some of its images are missing. Unpack them, and zip their files together with the others.',
    nested,
  );
}
