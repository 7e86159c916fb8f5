import { z } from 'zod';

/** Schema of `cross_validation.json` of a dataset version, which cross-validation writes. */
export const crossValidationSchema = z.object({
  dataset: z.string(),
  version: z.string(),
  /** The classes, sorted by name. */
  classes: z
    .array(
      z.object({
        label: z.string(),
        /** Labelled objects of the class, each tested once. */
        objects: z.int().nonnegative(),
        /** In the order of the shares. */
        points: z.array(
          z.object({
            /** Share of the photos that detectors were fitted on, 0 to 1. */
            share: z.number(),
            /** Mean number of photos with the class that a detector was fitted on. */
            photos: z.int().nonnegative(),
            /** 0 to 1, of the local detector: never that of Rekognition. */
            f1: z.number(),
          }),
        ),
        /** 95 % interval of how much F1 rises from the second-largest share to the largest; null if it is unknown. */
        gain: z.object({ low: z.number(), high: z.number() }).nullable(),
      }),
    )
    .max(1000),
});
export type CrossValidation = z.infer<typeof crossValidationSchema>;
export type ClassCurve = CrossValidation['classes'][number];

/** Schema of the heartbeats of the activity `crossValidateVersion`. */
export const fitCountsSchema = z.object({
  /** Detectors that were fitted so far, and all that are fitted. */
  fitted: z.int().nonnegative(),
  fits: z.int().positive(),
});
export type FitCounts = z.infer<typeof fitCountsSchema>;
