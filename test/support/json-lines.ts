import type { ZodType } from 'zod';
import { versionImageSchema } from '../../src/contracts/version-images.js';
import type { VersionImage } from '../../src/dataset/model/version-images.js';

/** The values of a text with one JSON document per line. Throws if a line does not match the schema. */
export function parseLines<T>(text: string, schema: ZodType<T>): T[] {
  const lines = text.split('\n').filter((line) => line !== '');
  return lines.map((line) => schema.parse(JSON.parse(line)));
}

/** The images of an `images.jsonl`. */
export const versionImagesOf = (text: string): VersionImage[] => parseLines(text, versionImageSchema);
