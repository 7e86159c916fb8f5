/** Schemas of the files that stages exchange under `.run/<version>/`. They are checked because an external preprocessor may write some of them. */
import { z } from 'zod';
import {
  annotationCountsSchema,
  findingSchema,
  groupCountsSchema,
  imageCountsSchema,
  labelCountsSchema,
} from '../contracts/schemas.js';
import { REJECTION_REASONS } from '../dataset/model/types.js';

const size = z.object({ width: z.int().positive(), height: z.int().positive() });

const rejectedImage = z.object({
  status: z.literal('rejected'),
  path: z.string(),
  cocoFile: z.string(),
  reason: z.enum(REJECTION_REASONS),
  message: z.string(),
});

const rejectedRecord = rejectedImage.extend({ record: z.string() });

const preprocessedImage = z.object({
  status: z.literal('preprocessed'),
  path: z.string(),
  key: z.string(),
  sourceSha256: z.string().regex(/^[0-9a-f]{64}$/),
  bytes: z.int().positive(),
  stored: size,
  orientation: z.literal([1, 2, 3, 4, 5, 6, 7, 8]),
  output: size,
  untouched: z.boolean(),
});

/** Schema of `preprocessed/_READY`: the version that was preprocessed last. */
export const readySchema = z.object({ version: z.string() });

/** Schema of `reusable/<batch>.json`: results of an earlier version that may hold for images of one batch. */
export const reusableSchema = z.object({
  /** Whether the earlier version has the same archive. If not, an image must be read and compared. */
  sameArchive: z.boolean(),
  images: z.array(
    z.object({
      /** Path of the image in the present archive; in the earlier one it may have another. */
      path: z.string(),
      /** Whether the original file is stored under this path. */
      hasRaw: z.boolean(),
      result: preprocessedImage,
    }),
  ),
});

/** Schema of `result/<batch>.json`: the results of preprocessing one batch. Without images the batch is preprocessed again. */
export const batchResultSchema = z.object({
  index: z.int().nonnegative(),
  images: z.array(z.discriminatedUnion('status', [preprocessedImage, rejectedImage])),
});

/** Schema of `plan.json`: what inspection found out about the archive as a whole. */
export const planSchema = z.object({
  archiveId: z.string(),
  datasetVersion: z.string(),
  creationDate: z.string(),
  batches: z.int().positive(),
  images: z.int().nonnegative(),
  missing: z.array(rejectedRecord),
  annotations: z.object({ found: z.number(), dropped: z.record(z.string(), z.number()) }),
  findings: z.array(findingSchema),
  cocoFiles: z.array(z.object({ path: z.string(), sha256: z.string() })),
  unlisted: z.object({ count: z.number(), examples: z.array(z.string()) }),
});
export type Plan = z.infer<typeof planSchema>;

/** Schema of `plan/<batch>.json`: the images of one batch. */
export const planBatchSchema = z.object({
  index: z.int().nonnegative(),
  archiveImages: z.int().positive().optional(),
  images: z.array(
    z.object({
      entry: z.object({
        path: z.string(),
        offset: z.number(),
        compressedSize: z.number(),
        size: z.number(),
        crc32: z.number(),
        method: z.literal([0, 8]),
        modified: z.string(),
      }),
      image: z.object({
        path: z.string(),
        cocoFile: z.string(),
        record: z.string(),
        width: z.number().nullable(),
        height: z.number().nullable(),
        annotations: z.int().nonnegative(),
        boxes: z.array(
          z.object({
            label: z.string(),
            x: z.number(),
            y: z.number(),
            width: z.number(),
            height: z.number(),
          }),
        ),
        ofShapes: z.int().nonnegative().optional(),
      }),
    }),
  ),
});

const count = z.number().int().nonnegative();
const box = z.object({ label: z.string(), left: count, top: count, width: count, height: count });
const reading = z.enum(['turned', 'stored']);

const exifFacts = z.object({
  setting: z.enum(['auto', 'turned', 'stored']),
  files: z.array(
    z.object({ cocoFile: z.string(), turned: count, stored: count, undecidable: count, reading }),
  ),
  undecidable: z.array(
    z.object({
      path: z.string(),
      cocoFile: z.string(),
      key: z.string(),
      orientation: z.literal([2, 3, 4, 5, 6, 7, 8]),
      size,
      reading,
      turned: z.array(box),
      stored: z.array(box),
    }),
  ),
});

/** Schema of `curation.json`: counts and findings of conversion. */
export const curationFactsSchema = z.object({
  images: imageCountsSchema,
  annotations: annotationCountsSchema,
  labelsFound: z.array(z.object({ label: z.string(), images: count, boxes: count })),
  labels: z.array(labelCountsSchema),
  droppedClasses: z.array(z.object({ label: z.string(), images: count })),
  groups: groupCountsSchema,
  rejected: z.array(rejectedRecord.omit({ status: true })),
  exif: exifFacts,
  findings: z.array(findingSchema),
});
