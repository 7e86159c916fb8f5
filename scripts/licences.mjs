// Checks the licences of the packages that Curator needs at run time.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** SPDX identifiers of licences under which the packages may be distributed with Curator, which has the MIT licence. */
const ALLOWED = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC-BY-4.0',
  'CC0-1.0',
  'ISC',
  // libvips, a library of its own that sharp loads.
  'LGPL-3.0-or-later',
  'MIT',
  'Python-2.0',
  'Unlicense',
]);

/** Packages whose package.json names no licence, and the one that their licence file has. */
const BY_FILE = new Map([['unionfs', 'Unlicense']]);

/**
 * Returns the number of installed packages that a checkout needs at run time, and one sentence for each whose licence is
 * not allowed.
 */
export function checkLicences(root) {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  const paths = Object.entries(lock.packages).flatMap(([path, { dev }]) => (path && !dev ? [path] : []));
  // Packages for other systems are listed, but not installed.
  const installed = paths.filter((path) => existsSync(join(root, path, 'package.json')));
  return { packages: installed.length, problems: installed.flatMap((path) => problemOf(root, path)) };
}

function problemOf(root, path) {
  const { name, version, license, licenses } = JSON.parse(
    readFileSync(join(root, path, 'package.json'), 'utf8'),
  );
  const stated = textOf(license ?? licenses) ?? BY_FILE.get(name);
  const named = `${name} ${version} (${path})`;
  if (stated === undefined) return [`${named} names no licence.`];
  return isAllowed(stated) ? [] : [`${named} has the licence ${stated}, which is not allowed.`];
}

/** Old packages have an object `{type}`, or a list of them to choose from. */
function textOf(license) {
  if (Array.isArray(license)) return license.map(textOf).join(' OR ') || undefined;
  return typeof license === 'object' ? license?.type : license;
}

/** Reads an SPDX expression. OR binds less than AND; one in brackets counts as allowed only if each part of it is. */
function isAllowed(expression) {
  const text = expression.trim().replace(/^\(([^()]*)\)$/, '$1');
  if (/[()]/.test(text))
    return text.split(/[()]|\bAND\b|\bOR\b/).every((part) => !part.trim() || isAllowed(part));
  return text
    .split(/\sOR\s/)
    .some((choice) => choice.split(/\sAND\s/).every((one) => ALLOWED.has(one.trim())));
}
