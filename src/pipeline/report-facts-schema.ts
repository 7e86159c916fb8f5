import { z } from 'zod';
import { REJECTION_REASONS } from '../dataset/model/types.js';
import type { ReportFacts } from '../report/facts.js';

const count = z.number().int().nonnegative();
const reading = z.enum(['turned', 'stored']);
const sideCount = z.object({ images: count, boxes: count });
const rect = { left: count, top: count, width: count, height: count };

const shownImage = z.object({
  path: z.string(),
  key: z.string().nullable(),
  split: z.enum(['train', 'val']).nullable(),
  view: z.object(rect).nullable(),
  boxes: z.array(z.object({ label: z.string(), ...rect, role: z.enum(['own', 'other', 'dropped']) })),
});

const caseImage = shownImage.extend({
  width: count,
  height: count,
  exported: z.enum(['train', 'val']).nullable(),
});

/** Schema of `report.json` under `.run/<version>/`: the counts and images that conversion chose for report.html. */
export const reportFactsSchema = z.object({
  images: z.object({ found: count, rejected: count, neverAnnotated: count, emptied: count }),
  classes: z.array(
    z.object({
      label: z.string(),
      found: z.object({ images: count, boxes: count, photos: count }),
      train: sideCount,
      val: sideCount,
      sides: z.tuple([z.number(), z.number(), z.number(), z.number(), z.number()]),
    }),
  ),
  classCount: count,
  boxes: z.object({ count, shares: z.array(count), aspects: z.array(count) }),
  samples: z.array(z.object({ label: z.string(), images: z.array(shownImage) })),
  copies: z.object({
    groups: count,
    images: count,
    leaks: z.object({ leaked: count, of: count }).nullable(),
    pairs: z.array(z.tuple([shownImage, shownImage])),
  }),
  tooSmall: z.array(shownImage),
  cut: z.array(shownImage),
  neverAnnotated: z.array(shownImage),
  // Absent in files written by earlier versions.
  lowContrast: z.array(shownImage).default([]),
  rejected: z.array(
    z.object({
      path: z.string(),
      cocoFile: z.string(),
      record: z.string(),
      reason: z.enum(REJECTION_REASONS),
      message: z.string(),
      image: shownImage.nullable(),
    }),
  ),
  exif: z.object({
    files: z.array(
      z.object({ cocoFile: z.string(), turned: count, stored: count, undecidable: count, reading }),
    ),
    undecidable: z.array(
      z.object({
        orientation: z.literal([1, 2, 3, 4, 5, 6, 7, 8]),
        reading,
        turned: shownImage,
        stored: shownImage,
      }),
    ),
  }),
  // Absent in files written by earlier versions.
  cases: z.array(z.object({ code: z.string(), example: z.string(), images: z.array(caseImage) })).default([]),
}) satisfies z.ZodType<ReportFacts>;
