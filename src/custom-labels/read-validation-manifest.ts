import { tryParseJson } from '../lib/try-parse-json.js';

/**
 * The keys under which the service adds problems to a line, its attributes, their metadata and annotations: `errors` and
 * `warnings` in validation manifests, `cl-errors` in the entries of datasets.
 */
const PROBLEM_KEYS = ['errors', 'warnings', 'cl-errors'] as const;
/** Most lines have no problem and need not be parsed. */
const MAY_HAVE_PROBLEM = new RegExp(`"(${PROBLEM_KEYS.join('|')})"`);

/** What the service added to a line of a manifest. */
export interface LineProblems {
  /** Each code once, in the order of the line. */
  readonly codes: readonly string[];
  /** Null if the service replaced the line, so that it no longer names an image. */
  readonly sourceRef: string | null;
}

/** Reads the problems of a line of a validation manifest; undefined if it has none. */
export function readLineProblems(line: string): LineProblems | undefined {
  if (!MAY_HAVE_PROBLEM.test(line)) return undefined;
  const value = tryParseJson(line);
  const codes = [...new Set(codesIn(value))];
  if (codes.length === 0) return undefined;
  const { 'source-ref': sourceRef } = value as { 'source-ref'?: unknown };
  return { codes, sourceRef: typeof sourceRef === 'string' ? sourceRef : null };
}

function codesIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const own = PROBLEM_KEYS.flatMap((key) => codesOf((value as Record<string, unknown>)[key]));
  return [...own, ...Object.values(value).flatMap(codesIn)];
}

/** The codes of a list of problems, each `{code, message}`. */
function codesOf(problems: unknown): string[] {
  if (!Array.isArray(problems)) return [];
  return problems.flatMap((problem: unknown) => {
    const { code } = (problem ?? {}) as { code?: unknown };
    return typeof code === 'string' ? [code] : [];
  });
}
