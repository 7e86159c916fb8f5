import { plural } from '../../lib/plural.js';
import { visibleName } from './label-look.js';
import { SERVICE_LIMITS } from './service-limits.js';

/** Several classes that become one. */
interface ClassMerge {
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
