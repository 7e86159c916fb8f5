import { groupBy } from '../../lib/group-by.js';
import { type DatasetFinding, warning } from '../model/findings.js';
import { baseName, folderOf, stemOf } from './resolve.js';

/** Minimum records of a series; with fewer, one lost file and one new file look the same as a shift. */
const MIN_RECORDS = 10;

/** Paths of the images of an archive. */
export interface NamedImages {
  /** Images that a record names and that are in the archive. */
  readonly listed: readonly string[];
  /** Images that a record names and that are not in the archive. */
  readonly missing: readonly string[];
  /** Images of the archive that no record names. */
  readonly unlisted: readonly string[];
}

/** Images of one folder whose names differ only in a number. */
interface Series {
  readonly folder: string;
  /** The name without its number, such as `frame_*.jpg`. */
  readonly name: string;
  readonly records: Map<number, string>;
  readonly files: Map<number, string>;
}

/**
 * The finding on files that are numbered from another start than the records that name them, so that each record finds
 * the file of another picture: all numbers of the files are those of the records plus one constant. Undefined if there
 * are none.
 */
export function shiftedFiles(images: NamedImages): DatasetFinding | undefined {
  const shifted = seriesOf(images).filter(isShifted);
  const [first] = shifted;
  if (first === undefined) return undefined;
  return warning(
    'FILES_SHIFTED',
    shifted.reduce((sum, { records }) => sum + records.size, 0),
    {
      headline: `Records name ${first.name} from ${rangeOf(first.records)}, but the files are numbered from ${rangeOf(first.files)}, so boxes are probably on the wrong images.`,
      rest: 'The names were used as they are. Check the report: if boxes belong to another image of the series, number the files and file_name from the same start.',
    },
    shifted.flatMap(({ records, files }) => [
      ...pathsIn(records, files).map((path) => `${path}: no file`),
      ...pathsIn(files, records).map((path) => `${path}: no record`),
    ]),
  );
}

function seriesOf({ listed, missing, unlisted }: NamedImages): Series[] {
  const all = new Map<string, Series>();
  const add = (path: string, folder: string, kinds: readonly ('records' | 'files')[]) => {
    const numbered = numberIn(path);
    if (!numbered) return;
    const key = `${folder}/${numbered.name}`;
    const none = { folder, name: numbered.name, records: new Map(), files: new Map() };
    const series = all.get(key) ?? none;
    for (const kind of kinds) series[kind].set(numbered.number, path);
    all.set(key, series);
  };
  for (const path of listed) add(path, folderOf(path), ['records', 'files']);
  for (const path of unlisted) add(path, folderOf(path), ['files']);
  const byName = groupBy(all.values(), ({ name }) => name);
  for (const path of missing) {
    // The expected path of a missing file is beside the COCO file, though its images may lie in another folder.
    const [one, ...others] = byName.get(numberIn(path)?.name ?? '') ?? [];
    if (one) add(path, others.length === 0 ? one.folder : folderOf(path), ['records']);
  }
  return [...all.values()];
}

/** The last number of a file name, and the name without it; undefined without a number that can be compared exactly. */
function numberIn(path: string): { readonly name: string; readonly number: number } | undefined {
  const file = baseName(path);
  const stem = stemOf(file);
  const [, before, digits, after] = /^(.*?)(\d{1,15})(\D*)$/.exec(stem) ?? [];
  return digits === undefined
    ? undefined
    : { name: `${before}*${after}${file.slice(stem.length)}`, number: Number(digits) };
}

function isShifted({ records, files }: Series): boolean {
  if (records.size < MIN_RECORDS || records.size !== files.size) return false;
  const by = least(files) - least(records);
  return by !== 0 && [...records.keys()].every((number) => files.has(number + by));
}

const least = (numbers: ReadonlyMap<number, string>) =>
  [...numbers.keys()].reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);

const rangeOf = (numbers: ReadonlyMap<number, string>) =>
  `${least(numbers)} to ${[...numbers.keys()].reduce((a, b) => Math.max(a, b), 0)}`;

const pathsIn = (one: ReadonlyMap<number, string>, other: ReadonlyMap<number, string>) =>
  [...one].flatMap(([number, path]) => (other.has(number) ? [] : [path]));
