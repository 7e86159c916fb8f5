import type { EvaluatedImage } from '../custom-labels/read-evaluation-manifest.js';
import type { VersionImage } from '../dataset/model/version-images.js';
import { f1AtThresholds } from '../evaluation/f1-at-thresholds.js';
import { parseS3Uri } from '../lib/s3-uri.js';
import type { ModelCard } from '../training/model-card-schema.js';

/** A model with what it was tested on. */
export interface TestedModel {
  readonly evaluation: NonNullable<ModelCard['evaluation']>;
  /** The val images of its dataset version, by key. */
  readonly images: ReadonlyMap<string, VersionImage>;
  readonly evaluated: readonly EvaluatedImage[];
}

/** Two models on the photos that both were tested on, and neither was trained on. */
export interface Comparison {
  readonly photos: number;
  /** Labels that both know and that have objects on those photos. */
  readonly labels: readonly string[];
  /** Mean F1 over those labels at the labels' own thresholds; null where there is nothing to compare. */
  readonly f1: number | null;
  readonly otherF1: number | null;
}

/**
 * Figures of two models compare only on the same photos: another val set is another exam. A photo is the same
 * where its bytes are, or where it is a copy of the same photo.
 */
export function compareModels(model: TestedModel, other: TestedModel): Comparison {
  const own = sharedImages(model, identities(other));
  const others = sharedImages(other, identities(model));
  const known = new Set(other.evaluation.labels.map(({ label }) => label));
  const seen = new Set([...own, ...others].flatMap(({ truth }) => truth.map(({ label }) => label)));
  const labels = model.evaluation.labels
    .map(({ label }) => label)
    .filter((label) => known.has(label) && seen.has(label));
  return {
    photos: new Set(own.map(({ sourceRef }) => imageOf(model, sourceRef)?.photo)).size,
    labels,
    f1: f1AtThresholds(own, thresholds(model, labels)),
    otherF1: f1AtThresholds(others, thresholds(other, labels)),
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
    return image !== undefined && (ids.has(image.photo) || ids.has(image.sourceSha256));
  });
}

function imageOf({ images }: Pick<TestedModel, 'images'>, sourceRef: string): VersionImage | undefined {
  return images.get(parseS3Uri(sourceRef)?.key ?? sourceRef);
}

function thresholds({ evaluation }: TestedModel, labels: readonly string[]): Map<string, number> {
  const known = evaluation.labels.filter(({ label }) => labels.includes(label));
  return new Map(known.map(({ label, threshold }) => [label, threshold]));
}
