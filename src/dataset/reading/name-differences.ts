import { groupBy } from '../../lib/group-by.js';
import { baseName, FileResolver, folderOf, isImageFile, stemOf } from './resolve.js';

/** A way in which names of one image differ between a COCO file and the archive. */
export interface NameDifference {
  /** Continues "names that differ in". */
  readonly name: string;
  /**
   * Whether each record that is left must have a file in this way. If numbers of two series are compared, a record without
   * a file can be the end of a shifted series.
   */
  readonly isOfNumbers: boolean;
  /** What only one of the two names may have: the files of two exports or uploads of one name can be different pictures. */
  readonly mark?: RegExp;
  /** Returns the part of a name without extension that both sides share. */
  plain(stem: string): string;
}

const PREFIX = /^[0-9a-f]{8}-(?=.)/;

const ROBOFLOW = /[_.](?:jpe?g|png|webp|bmp|tiff?|gif)\.rf\.[0-9a-z]+$/i;
const withoutSigns = (stem: string) => stem.replace(/[\s_-]+/g, '_');

/** In the order in which they are tried. */
const DIFFERENCES: readonly NameDifference[] = [
  {
    name: 'a prefix of eight hexadecimal digits, as Label Studio writes it',
    isOfNumbers: false,
    mark: PREFIX,
    plain: (stem) => stem.replace(PREFIX, ''),
  },
  {
    name: 'the suffix .rf. that Roboflow writes',
    isOfNumbers: false,
    mark: ROBOFLOW,
    // Roboflow replaces signs too.
    plain: (stem) => stem.replace(ROBOFLOW, '').replace(/[^\p{L}\p{N}]+/gu, '_'),
  },
  { name: 'spaces, hyphens or underscores', isOfNumbers: false, plain: withoutSigns },
  {
    name: 'leading zeros of numbers',
    isOfNumbers: true,
    plain: (stem) => stem.replace(/\d+/g, (digits) => digits.replace(/^0+(?=\d)/, '')),
  },
];

/** Finds the files whose names differ from that of a record in one way only. */
export interface DifferenceResolver {
  readonly difference: NameDifference;
  /** All files that the name can mean. */
  find(cocoFile: string, fileName: string): readonly string[];
}

/** A resolver per difference. Each is built when it is needed. */
export function* differenceResolvers(
  paths: readonly string[],
  cocoFiles: readonly string[],
): Generator<DifferenceResolver> {
  const images = paths.filter(isImageFile);
  for (const difference of DIFFERENCES) {
    const byPlain = groupBy(images, (path) => plainPath(path, difference));
    const resolver = new FileResolver([...byPlain.keys()], cocoFiles);
    yield {
      difference,
      find(cocoFile, fileName) {
        const found = resolver.resolve(cocoFile, plainPath(fileName, difference));
        if (!found) return [];
        const plain = 'candidates' in found ? found.candidates : [found.path];
        const files = plain.flatMap((path) => byPlain.get(path) ?? []);
        return isMarked(fileName, difference) ? files.filter((path) => !isMarked(path, difference)) : files;
      },
    };
  }
}

/** The difference that explains why at least half of some names are not among others; undefined if there is none. */
export function likelyDifference(
  missing: readonly string[],
  present: readonly string[],
): NameDifference | undefined {
  return DIFFERENCES.find((difference) => {
    const names = new Set(present.map((path) => baseName(plainPath(path, difference)).toLowerCase()));
    const alike = missing.filter((path) => names.has(baseName(plainPath(path, difference)).toLowerCase()));
    return 2 * alike.length >= missing.length && missing.length > 0;
  });
}

const isMarked = (path: string, { mark }: NameDifference) => mark?.test(stemOf(baseName(path))) ?? false;

function plainPath(path: string, { plain }: NameDifference): string {
  const name = path.normalize('NFC');
  const stem = plain(stemOf(baseName(name)));
  const folder = folderOf(name);
  return `${folder === '' ? '' : `${folder}/`}${stem}.jpg`;
}
