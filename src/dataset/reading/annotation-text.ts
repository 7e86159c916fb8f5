import { toNumber } from '../../lib/numbers.js';
import { withoutPython } from './python-text.js';

/** Maximum characters of a bbox or segmentation written as text; the longest polygons of people have a tenth of it. */
const MAX_TEXT = 1_000_000;

/** Numbers with commas, semicolons, spaces or brackets between them. */
const NUMBERS = /^[-+\d.eE,;\s()[\]{}]+$/;

/**
 * Reads a bbox or segmentation that an exporter wrote as text: JSON, or numbers such as `1,2,3,4`, `(1, 2, 3, 4)` or
 * `10,20 40,20 40,60`, also as Python prints arrays. Returns undefined for other text, such as a compressed mask.
 */
export function parseText(written: string): unknown {
  if (written.length > MAX_TEXT) return undefined;
  const text = withoutPython(written);
  if (/^\s*[[{]/.test(text)) {
    const parsed = parseJson(text);
    if (parsed !== undefined) return parsed;
  }
  if (!NUMBERS.test(text)) return undefined;
  const numbers = text.match(/[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?/g);
  return numbers?.map(Number);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** A number with a decimal comma. With three digits behind it, the comma may also group thousands. */
const DECIMAL_COMMA = /^\s{0,9}[-+]?\d{1,12},(?:\d{1,2}|\d{4,18})\s{0,9}$/;

/** A number, also as text with a decimal comma or as Python prints it. */
export function statedNumber(value: unknown): number | undefined {
  const number = toNumber(value);
  if (number !== undefined || typeof value !== 'string') return number;
  if (DECIMAL_COMMA.test(value)) return Number(value.replace(',', '.'));
  const parsed = parseText(value);
  return Array.isArray(parsed) && parsed.length === 1 ? toNumber(parsed[0]) : toNumber(parsed);
}
