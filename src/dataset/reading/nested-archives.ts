import { byCodePoint } from '../../lib/order.js';
import { type DatasetFinding, warning } from '../model/findings.js';
import { baseName } from './resolve.js';

const ARCHIVE = /\.(?:(?:zip|7z|rar)(?:\.\d{3})?|tar|tgz|tbz2?|txz|tar\.(?:gz|bz2|xz|zst))$/i;

/** The archives within an archive, sorted. They are not read. */
export const nestedArchives = (paths: readonly string[]): string[] =>
  paths.filter((path) => ARCHIVE.test(path)).sort(byCodePoint);

/** What to do if an archive within the archive may hold what is missing. */
export const unpackAdvice = (inner: string): string =>
  `The archive contains ${inner}, which is not read: unpack it, and zip its files together with the others.`;

/** Archives that are named after a part of a dataset, which is then missing without a record that says so. */
const PART = /^(?:train(?:ing)?|valid(?:ation)?|val|test|images?|annotations?|labels?|part)[\d_-]*\./i;

/**
 * The finding on archives within an archive, if some of its images are missing or the archives are named after parts of a
 * dataset; undefined if there are none.
 */
export function nestedFinding(paths: readonly string[], missing: number): DatasetFinding | undefined {
  const nested = nestedArchives(paths).filter((path) => missing > 0 || PART.test(baseName(path)));
  return warning(
    'ARCHIVES_NESTED',
    nested.length,
    `The archive contains other archives, which are not read${missing > 0 ? ', and some of its images are missing' : '; by their names they have a part of the dataset'}. Unpack them, and zip their files together with the others.`,
    nested,
  );
}
