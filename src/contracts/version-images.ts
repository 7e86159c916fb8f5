import { z } from 'zod';
import type { VersionImage } from '../dataset/model/version-images.js';

/** Schema of a line of `images.jsonl`. */
export const versionImageSchema = z.object({
  path: z.string(),
  key: z.string(),
  split: z.enum(['train', 'val']),
  photo: z.string(),
  sourceSha256: z.string(),
  width: z.int().positive(),
  height: z.int().positive(),
  boxes: z.array(
    z.object({
      label: z.string(),
      left: z.int().nonnegative(),
      top: z.int().nonnegative(),
      width: z.int().positive(),
      height: z.int().positive(),
    }),
  ),
}) satisfies z.ZodType<VersionImage>;

/** Parses the text of an `images.jsonl`. Throws if a line violates the schema. */
export function parseVersionImages(text: string): VersionImage[] {
  const lines = text.split('\n').filter((line) => line !== '');
  return lines.map((line) => versionImageSchema.parse(JSON.parse(line)));
}
