import { byCodePoint } from '../../lib/order.js';
import { visit } from '../../lib/steps.js';
import type { SubsetName } from '../model/exported-side.js';
import type { Size } from '../model/types.js';
import type { CocoFile } from './coco.js';
import { ExpectedPaths } from './expected-paths.js';
import { annotationsOf, type CocoImage } from './image-records.js';
import { type DifferenceResolver, differenceResolvers } from './name-differences.js';
import { ambiguousName, baseName, FileResolver, folderOf, isBelow, pathBelow } from './resolve.js';
import { isInOtherFolder, subsetOf } from './same-names.js';

/** An image record with the COCO file that it comes from. */
export interface Placement {
  readonly file: CocoFile;
  readonly image: CocoImage;
  /** Whether the file was found by path, by its bare name, or only by another reading of the name. */
  readonly found: 'path' | 'name' | 'reading' | 'not';
  /** In what the name differs from that of the file, if the file was found although it does. */
  readonly difference?: string;
  /** The files that its name fits in another reading, if they are several, so that none was used. */
  readonly candidates?: readonly string[];
  /** The size that the record states, if its boxes were scaled to another size. */
  readonly scaledFrom?: Size;
}

/** All records of the COCO files by path in the archive, the preferred file first. */
export type Placements = ReadonlyMap<string, readonly Placement[]>;

/** Paths of an archive, and their other readings if the code page of names is not known. */
export interface ArchivePaths {
  readonly paths: readonly string[];
  readonly aliases: readonly ReadonlyMap<string, string>[];
}

/** Where the records of COCO files lead. */
export interface PlacedRecords {
  readonly placed: Placements;
  readonly missing: Placements;
  /** Records without annotations whose bare name fits several files. They are left out. */
  readonly ambiguous: readonly UnusedRecord[];
}

/** A record without annotations that is left out. */
export interface UnusedRecord {
  readonly file: CocoFile;
  /** What is wrong with the record. */
  readonly what: string;
}

/**
 * Finds the file of each image record. Where several COCO files describe a path, records that lead there by path come
 * before those that lead there by bare name. Yields regularly.
 * @param files in order of preference
 * @throws DatasetError ImageAmbiguous if the name of an annotated image fits several files
 */
export function* placeRecords(
  files: readonly CocoFile[],
  archive: ArchivePaths,
): Generator<undefined, PlacedRecords> {
  const cocoFiles = files.map(({ path }) => path);
  const resolver = new FileResolver(archive.paths, cocoFiles);
  const byPath = new Map<string, Placement[]>();
  const byName = new Map<string, Placement[]>();
  const unfound: Placement[] = [];
  const ambiguous: UnusedRecord[] = [];
  for (const file of files) {
    yield* visit(file.images.values(), (image) => {
      const found = resolver.resolve(file.path, image.fileName);
      if (!found) unfound.push({ file, image, found: 'not' });
      else if ('candidates' in found) ambiguous.push(leaveOut(file, image, found.candidates));
      else if (found.byName) add(byName, found.path, { file, image, found: 'name' });
      else add(byPath, found.path, { file, image, found: 'path' });
    });
  }
  const elsewhere = placeByName(byName, byPath);
  const left = placeLoosely(unfound, byPath, looseResolvers(archive, cocoFiles, resolver));
  const missing = new Map<string, Placement[]>();
  const without = placeDifferent(left, byPath, differenceResolvers(archive.paths, cocoFiles));
  const expected = new ExpectedPaths(byPath);
  for (const one of without) {
    const candidates = resolver.looseCandidates(one.file.path, one.image.fileName);
    const [first] = candidates;
    if (first === undefined) add(missing, expected.of(one), one);
    else add(missing, pathBelow(folderOf(first), baseName(one.image.fileName)), { ...one, candidates });
  }
  for (const one of elsewhere) add(missing, expected.of(one), one);
  return { placed: byPath, missing, ambiguous };
}

/** @throws DatasetError ImageAmbiguous if the record has annotations */
function leaveOut(file: CocoFile, image: CocoImage, candidates: readonly string[]): UnusedRecord {
  if (annotationsOf(image) > 0) throw ambiguousName(file.path, image.fileName, candidates);
  const id = image.id.slice(0, MAX_ID);
  return { file, what: `image id ${id} could be any of ${candidates.slice(0, MAX_CANDIDATES).join(', ')}` };
}

/**
 * Places records found by their bare name, unless another picture of the same name was found. Returns the records of the
 * others: their files are missing.
 */
function placeByName(byName: Placements, byPath: Map<string, Placement[]>): Placement[] {
  const namedByPath = new Set(byPath.keys());
  const withFolders = new Set<CocoFile>();
  const inside = new Set<CocoFile>();
  const outside = new Set<CocoFile>();
  const subsets = new Map<CocoFile, Set<SubsetName | undefined>>();
  for (const [path, placements] of byPath) {
    const subset = subsetOf(path);
    for (const { file, image } of placements) {
      subsets.set(file, (subsets.get(file) ?? new Set()).add(subset));
      if (image.fileName.includes('/')) withFolders.add(file);
      (isBelow(folderOf(file.path), path) ? inside : outside).add(file);
    }
  }
  const isOfOtherSubset = (path: string, { file }: Placement) => {
    const [subset, ...others] = subsets.get(file) ?? [];
    const found = subsetOf(path);
    return subset !== undefined && others.length === 0 && found !== undefined && found !== subset;
  };
  const isOther = (path: string, { file, image }: Placement) =>
    image.fileName.includes('/')
      ? (namedByPath.has(path) || withFolders.has(file)) && isInOtherFolder(image.fileName, path)
      : inside.has(file) && !outside.has(file) && !isBelow(folderOf(file.path), path);
  const others: Placement[] = [];
  for (const [path, placements] of byName) {
    for (const one of placements) {
      if (isOfOtherSubset(path, one) || isOther(path, one)) others.push({ ...one, found: 'not' });
      else add(byPath, path, one);
    }
  }
  return others;
}

/**
 * Finds files by other readings of names: only files that no record names as they are, and only if one name fits. Returns
 * the records without a file.
 */
function placeLoosely(
  unfound: readonly Placement[],
  placed: Map<string, Placement[]>,
  resolvers: Iterable<LooseResolver>,
): readonly Placement[] {
  const taken = new Set(placed.keys());
  let left = unfound;
  for (const resolve of resolvers) {
    if (left.length === 0) break;
    const candidates = new Map<string, Placement[]>();
    const without: Placement[] = [];
    for (const one of left) {
      const path = resolve(one.file.path, one.image.fileName);
      if (path === undefined || taken.has(path)) without.push(one);
      else add(candidates, path, one);
    }
    for (const [path, placements] of candidates) {
      const names = new Set(placements.map(({ image }) => image.fileName));
      if (names.size > 1) without.push(...placements);
      else for (const one of placements) add(placed, path, { ...one, found: 'reading' });
    }
    left = without;
  }
  return left;
}

/**
 * Finds files whose names differ from those of records in one way, such as leading zeros: only files that no other record
 * names, and only if no record or file fits several. Returns the records without a file.
 */
function placeDifferent(
  unfound: readonly Placement[],
  placed: Map<string, Placement[]>,
  resolvers: Iterable<DifferenceResolver>,
): readonly Placement[] {
  let left = unfound;
  const resolving = resolvers[Symbol.iterator]();
  for (let next = resolving.next(); left.length > 0 && !next.done; next = resolving.next()) {
    const { difference, find } = next.value;
    const found = new Map<string, Placement[]>();
    const without: Placement[] = [];
    let isAmbiguous = false;
    for (const one of left) {
      const paths = find(one.file.path, one.image.fileName);
      const [path] = paths;
      if (path === undefined || paths.every((each) => placed.has(each))) without.push(one);
      else add(found, path, one);
      isAmbiguous ||= paths.length > 1 && paths.some((each) => !placed.has(each));
    }
    isAmbiguous ||= [...found.values()].some((ones) => new Set(ones.map(nameOf)).size > 1);
    if (isAmbiguous || (difference.isOfNumbers && without.length > 0)) continue;
    for (const [path, ones] of found) {
      for (const one of ones) add(placed, path, { ...one, found: 'reading', difference: difference.name });
    }
    left = without;
  }
  return left;
}

const nameOf = ({ image }: Placement) => image.fileName;

type LooseResolver = (cocoFile: string, fileName: string) => string | undefined;

/** By other readings of the COCO file's names, then by other readings of the archive's names. */
function* looseResolvers(
  { paths, aliases }: ArchivePaths,
  cocoFiles: readonly string[],
  resolver: FileResolver,
): Generator<LooseResolver> {
  yield (cocoFile, fileName) => resolver.resolveLoosely(cocoFile, fileName);
  for (const alias of aliases) {
    const renamed = new Map([...alias].map(([name, path]) => [path, name]));
    const other = new FileResolver(
      paths.map((path) => renamed.get(path) ?? path),
      cocoFiles,
    );
    yield (cocoFile, fileName) => {
      const exact = other.resolve(cocoFile, fileName);
      if (exact && 'candidates' in exact) return undefined;
      const found = exact?.path ?? other.resolveLoosely(cocoFile, fileName);
      return found === undefined ? undefined : alias.get(found);
    };
  }
}

function add(placements: Map<string, Placement[]>, path: string, placement: Placement): void {
  const same = placements.get(path);
  if (same) same.push(placement);
  else placements.set(path, [placement]);
}

/** Files that are named for an ambiguous record. */
const MAX_CANDIDATES = 3;

/** Characters of an id that are shown. */
const MAX_ID = 60;

/** Names one of the records that describe an image. The choice does not depend on the order of the file. */
export function recordOf(placements: readonly Placement[]): string {
  const [id = ''] = placements.map(({ image }) => image.id).sort(byCodePoint);
  return `image id ${id.slice(0, MAX_ID)}`;
}
