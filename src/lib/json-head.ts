import { tryParseJson } from './try-parse-json.js';

/** The beginning of a JSON text. */
export interface JsonHead {
  /** The first value, without the parts that the text cuts off. */
  readonly value: unknown;
  /** Whether the value ends within the text. */
  readonly isWhole: boolean;
  /** What follows the value; empty if it is cut off. */
  readonly rest: string;
}

/** Deeper values count as cut off. */
const MAX_DEPTH = 64;
const CLOSERS: Readonly<Record<string, string>> = { '{': '}', '[': ']' };

/** Parses the first object or list of a text that may end anywhere. Returns undefined if it is not JSON. */
export function parseJsonHead(text: string): JsonHead | undefined {
  const start = text.search(/[^\s\ufeff\u200b]/);
  if (start < 0 || CLOSERS[text.charAt(start)] === undefined) return undefined;
  const { end, closers } = lastComplete(text, start);
  const value = tryParseJson(text.slice(start, end) + closers);
  if (value === undefined) return undefined;
  const isWhole = closers === '';
  return { value, isWhole, rest: isWhole ? text.slice(end).trim() : '' };
}

/** Returns where the last complete part of the first value ends, and the brackets that are open there. */
function lastComplete(text: string, start: number): { readonly end: number; readonly closers: string } {
  const open: string[] = [];
  let last = { end: start, closers: '' };
  const token = /"[^"\\]*(?:\\.[^"\\]*)*"|"|[{}[\],]/gs;
  token.lastIndex = start;
  for (let found = token.exec(text); found !== null; found = token.exec(text)) {
    const [sign] = found;
    if (sign === '"') break;
    if (sign.startsWith('"')) continue;
    const closer = CLOSERS[sign];
    if (closer !== undefined) open.push(closer);
    else if (sign !== ',') open.pop();
    if (open.length > MAX_DEPTH) break;
    const end = sign === ',' ? found.index : token.lastIndex;
    last = { end, closers: [...open].reverse().join('') };
    if (open.length === 0) break;
  }
  return last;
}

/** Whether the first value is followed by another one, as in JSON Lines. */
export const isJsonLines = ({ rest }: JsonHead): boolean => /^[[{]/.test(rest);
