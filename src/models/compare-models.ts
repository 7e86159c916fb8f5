import type { EvaluatedImage } from '../custom-labels/read-evaluation-manifest.js';
import { countDetections } from '../evaluation/detection-counts.js';
import { f1AtThresholds } from '../evaluation/f1-at-thresholds.js';
import { areFlagged, countFlags } from '../evaluation/flags.js';
import { imageOf, type TestedModel } from './tested-model.js';

/** Comparison of two models on the photos that both were tested on. */
export interface Comparison {
  /** Number of photos that both were tested on. */
  readonly photos: number;
  /** Labels that both models have and that occur in those photos. */
  readonly labels: readonly string[];
  /** Mean F1 over those labels, each at its model's threshold; null if there are no common photos or labels. */
  readonly f1: number | null;
  readonly otherF1: number | null;
}

/**
 * Compares two models on the photos that are in both validation sets, since metrics of different validation sets are not
 * comparable. Images are the same photo if their bytes are equal or if they are copies of one photo.
 */
export function compareModels(model: TestedModel, other: TestedModel): Comparison {
  const own = sharedImages(model, identities(other));
  const others = sharedImages(other, identities(model));
  const known = new Set(other.evaluation.labels.map(({ label }) => label));
  const seen = new Set([...own, ...others].flatMap(({ truth }) => truth.map(({ label }) => label)));
  const labels = model.evaluation.labels
    .map(({ label }) => label)
    .filter((label) => known.has(label) && seen.has(label));
  // One measure for both: the service's flags, unless one of the manifests lacks them.
  const count = areFlagged([...own, ...others]) ? countFlags : countDetections;
  return {
    photos: new Set(own.map(({ sourceRef }) => imageOf(model, sourceRef)?.photo)).size,
    labels,
    f1: f1AtThresholds(own, thresholds(model, labels), count),
    otherF1: f1AtThresholds(others, thresholds(other, labels), count),
  };
}

function identities({ evaluated, ...model }: TestedModel): Set<string> {
  return new Set(
    evaluated.flatMap(({ sourceRef }) => {
      const image = imageOf(model, sourceRef);
      return image ? [image.photo, image.sourceSha256] : [];
    }),
  );
}

function sharedImages(model: TestedModel, ids: ReadonlySet<string>): EvaluatedImage[] {
  return model.evaluated.filter(({ sourceRef }) => {
    const image = imageOf(model, sourceRef);
    // Models with other tiles, or none, have only whole photos in common.
    return image !== undefined && !image.tile && (ids.has(image.photo) || ids.has(image.sourceSha256));
  });
}

function thresholds({ evaluation }: TestedModel, labels: readonly string[]): Map<string, number> {
  const known = evaluation.labels.filter(({ label }) => labels.includes(label));
  return new Map(known.map(({ label, threshold }) => [label, threshold]));
}
