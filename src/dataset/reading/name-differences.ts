import { groupBy } from '../../lib/group-by.js';
import { percentDecoded } from '../../lib/misread-text.js';
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
  /** What only one of the two names has: the files of two exports or uploads of one name can be different pictures. */
  readonly mark?: RegExp;
  /** Returns the part of a name without extension that both sides share. */
  plain(stem: string): string;
}

const PREFIX = /^[0-9a-f]{8}-(?=.)/;

const ROBOFLOW = /[_.](?:jpe?g|png|webp|bmp|tiff?|gif)\.rf\.[0-9a-z]+$/i;
/** Letters that have no accent to drop but are written with others by tools that allow only A to Z. */
const PLAIN_LETTERS: Readonly<Record<string, string>> = { ß: 'ss', ø: 'o', æ: 'ae', ł: 'l', đ: 'd', ı: 'i' };

/** Letters and digits, since tools replace or remove other signs. Signs between digits remain, as in numbers of frames. */
const withoutSigns = (stem: string) =>
  percentDecoded(stem)
    .replace(/(?<=\p{N})[^\p{L}\p{M}\p{N}]+(?=\p{N})/gu, '_')
    .replace(/[^\p{L}\p{M}\p{N}_]+|_(?!\p{N})|(?<!\p{N})_/gu, '');

/** Minimum characters of a name whose accents are ignored: `é` and `e` may be two pictures. */
const MIN_ACCENTED = 3;

function withoutAccents(stem: string): string {
  if (stem.length < MIN_ACCENTED) return stem;
  return stem
    .normalize('NFD')
    .replace(/(?<=\p{Script=Latin})\p{M}+/gu, '')
    .toLowerCase()
    .replace(/[ßøæłđı]/g, (letter) => PLAIN_LETTERS[letter] ?? letter)
    .normalize('NFC');
}

/** In the order in which they are tried. */
const DIFFERENCES: readonly NameDifference[] = [
  {
    name: 'a prefix of eight hexadecimal digits, as Label Studio writes it',
    isOfNumbers: false,
    mark: PREFIX,
    // Label Studio replaces or removes signs too.
    plain: (stem) => withoutSigns(stem.replace(PREFIX, '')),
  },
  {
    name: 'the suffix .rf. that Roboflow writes',
    isOfNumbers: false,
    mark: ROBOFLOW,
    // Roboflow replaces signs too.
    plain: (stem) => withoutSigns(stem.replace(ROBOFLOW, '')),
  },
  {
    name: 'spaces, hyphens or underscores',
    isOfNumbers: false,
    plain: (stem) => stem.replace(/[\s_-]+/g, '_'),
  },
  { name: 'spaces, brackets or other signs', isOfNumbers: false, plain: withoutSigns },
  { name: 'accents', isOfNumbers: false, plain: withoutAccents },
  {
    name: 'accents, spaces, brackets or other signs',
    isOfNumbers: false,
    plain: (stem) => withoutSigns(withoutAccents(stem)),
  },
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
        return files.filter((path) => isPair(fileName, path, difference));
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
    const plainName = (path: string) => baseName(plainPath(path, difference)).toLowerCase();
    const byName = groupBy(present, plainName);
    const alike = missing.filter((path) =>
      byName.get(plainName(path))?.some((other) => isPair(path, other, difference)),
    );
    return 2 * alike.length >= missing.length && missing.length > 0;
  });
}

/** Whether one of two names has the mark, if there is one. */
function isPair(name: string, other: string, { mark }: NameDifference): boolean {
  const isMarked = (path: string) => mark?.test(stemOf(baseName(path)));
  return mark === undefined || isMarked(name) !== isMarked(other);
}

function plainPath(path: string, { plain }: NameDifference): string {
  const name = path.normalize('NFC');
  const stem = plain(stemOf(baseName(name)));
  const folder = folderOf(name);
  return `${folder === '' ? '' : `${folder}/`}${stem}.jpg`;
}
