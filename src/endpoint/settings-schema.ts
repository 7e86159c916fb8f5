import { z } from 'zod';

/** Dataset settings as JSON: numbers and booleans, all optional. Ranges are those of the command line. */
export const datasetSettingsSchema = z
  .strictObject({
    valSplit: z.number().gt(0).lt(1),
    enableBalance: z.boolean(),
    perClassCap: z.int().min(1),
    minClassImages: z.int().min(1),
    minBoxPx: z.int().min(1),
    maxBoxPerImage: z.int().min(1).max(50),
    imageMaxSide: z.int().min(64).max(4096),
    exifBoxes: z.enum(['auto', 'turned', 'stored']),
    maxRejectedRatio: z.number().min(0).max(1),
    seed: z.int(),
  })
  .partial();
