import { groupBy } from '../../lib/group-by.js';
import { plural } from '../../lib/plural.js';
import { visibleName } from './label-look.js';
import { SERVICE_LIMITS } from './service-limits.js';

/** Several classes that become one. */
export interface ClassMerge {
  readonly from: readonly string[];
  readonly to: string;
}

/** The new names that MERGE_CLASSES gives, by the visible name of the class; empty without the setting. */
export function parseClassMerges(text: string): ReadonlyMap<string, string> {
  return new Map(mergesOf(text).flatMap(({ from, to }) => from.map((label) => [label, to] as const)));
}

/** What is wrong with a value of MERGE_CLASSES; undefined if it is valid. */
export function classMergesProblem(text: string): string | undefined {
  const merges = mergesOf(text);
  const named = merges.flatMap(({ from }) => from);
  const form = 'write classes=new name, such as nodule,papule=lesion, and separate several with a semicolon';
  if (merges.some(({ from, to }) => [...from, to].some((name) => visibleName(name) === ''))) return form;
  const twice = named.find((label, index) => named.indexOf(label) !== index);
  if (twice !== undefined) return `${JSON.stringify(twice)} is named twice: name each class once`;
  const chained = merges.find(({ from, to }) => !from.includes(to) && named.includes(to));
  if (chained) {
    return `${JSON.stringify(chained.to)} is a new name and is itself renamed: name the last name only`;
  }
  const long = merges.find(({ to }) => to.length > SERVICE_LIMITS.labelCharacters);
  return long
    ? `a new name has ${plural(long.to.length, 'character')}; the maximum is ${SERVICE_LIMITS.labelCharacters}`
    : undefined;
}

/** The value of MERGE_CLASSES that gives several classes one name. */
export function classMergeText(from: readonly string[], to: string): string {
  const escaped = (name: string) => name.replace(/[\\,;=]/g, '\\$&');
  return `${from.map(escaped).join(',')}=${escaped(to)}`;
}

/** The merges of a value of MERGE_CLASSES, one per new name. */
export function classMergesOf(text: string): ClassMerge[] {
  return [...groupBy(mergesOf(text), ({ to }) => to)].map(([to, merges]) => ({
    from: merges.flatMap(({ from }) => from),
    to,
  }));
}

/** The value of MERGE_CLASSES without the merge that gives a name. */
export function removeMerge(text: string, to: string): string {
  return classMergesOf(text)
    .filter((merge) => merge.to !== to)
    .map((merge) => classMergeText(merge.from, merge.to))
    .join(';');
}

/** The classes of an archive, of which `merges` made the classes of a dataset version. */
export function unmergedClasses(labels: readonly string[], merges: string): string[] {
  const from = new Map(classMergesOf(merges).map((merge) => [merge.to, merge.from]));
  return [...new Set(labels.flatMap((label) => from.get(label) ?? [label]))];
}

/** The classes that a value of MERGE_CLASSES makes of the classes of an archive. */
export function mergedClasses(labels: readonly string[], merges: string): string[] {
  const names = parseClassMerges(merges);
  return [...new Set(labels.map((label) => names.get(visibleName(label)) ?? label))];
}

/** MERGE_CLASSES with a further merge of classes that `existing`, its value so far, makes. */
export function addMerge(existing: string, labels: readonly string[], name: string): string {
  const names = new Map(parseClassMerges(existing));
  const merged = new Set(names.values());
  for (const [from, to] of names) {
    if (labels.includes(to)) names.set(from, name);
  }
  for (const label of labels) {
    // A name that an earlier merge gave is not one of the archive.
    if (!merged.has(label)) names.set(label, name);
  }
  return [...groupBy([...names], ([, to]) => to)]
    .map(([to, pairs]) =>
      classMergeText(
        pairs.map(([from]) => from),
        to,
      ),
    )
    .join(';');
}

function mergesOf(text: string): ClassMerge[] {
  if (text === '') return [];
  return splitAt(';', text).map((merge) => {
    const [names = '', to = '', ...more] = splitAt('=', merge);
    return { from: splitAt(',', names).map(nameOf), to: more.length > 0 ? '' : nameOf(to) };
  });
}

/** Splits a text at a separator that has no backslash before it. */
function splitAt(separator: string, text: string): string[] {
  const parts = [''];
  for (const token of text.match(/\\.|[^\\]/gsu) ?? []) {
    if (token === separator) parts.push('');
    else parts.push(`${parts.pop()}${token}`);
  }
  return parts;
}

const nameOf = (text: string) => visibleName(text.replace(/\\([\\,;=])/g, '$1'));
