/** Maximum characters of a bbox or segmentation written as text; the longest polygons of people have a tenth of it. */
const MAX_TEXT = 1_000_000;

/** Numbers with commas, semicolons, spaces or brackets between them. */
const NUMBERS = /^[-+\d.eE,;\s()[\]{}]+$/;

/**
 * Reads a bbox or segmentation that an exporter wrote as text: JSON, or numbers such as `1,2,3,4`, `(1, 2, 3, 4)` or
 * `10,20 40,20 40,60`. Returns undefined for other text, such as a compressed mask.
 */
export function parseText(text: string): unknown {
  if (text.length > MAX_TEXT) return undefined;
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
