import { z } from 'zod';
import { SERVICE_LIMITS } from '../dataset/model/service-limits.js';
import type { VersionImage } from '../dataset/model/version-images.js';

/** Maximum lines of an `images.jsonl`: those of the two manifests. */
export const MAX_VERSION_IMAGES = 2 * SERVICE_LIMITS.lines;

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
  tile: z
    .object({
      left: z.int().nonnegative(),
      top: z.int().nonnegative(),
      width: z.int().positive(),
      height: z.int().positive(),
    })
    .optional()
    .describe('The area of a tile in pixels of its photo; absent if the image is a whole photo'),
}) satisfies z.ZodType<VersionImage>;
