import { type Ends, f1Intervals } from '../evaluation/bootstrap.js';
import type { ConfusionMatrix } from '../evaluation/confusion.js';
import { evaluateLabel, type TestImage } from '../evaluation/metrics.js';
import { groupBy } from '../lib/group-by.js';

/** Two classes that the model confuses, and the F1 of its detections if they were one class. */
export interface MergeProposal {
  readonly labels: readonly [string, string];
  /** Objects of one of the classes, and detections of the other one on them. */
  readonly objects: number;
  readonly confused: number;
  /** F1 of each class, 0 to 1. */
  readonly apart: readonly [number, number];
  /** F1 of both as one class, at the minimum confidence with the best F1 as for each class. */
  readonly merged: number;
  readonly interval: Ends | null;
}

/** With fewer confused detections, their number is a matter of chance. */
const MIN_CONFUSED = 5;
/** Minimum confused detections as a share of the objects of both classes. */
const NOTABLE_SHARE = 0.1;
/** Minimum difference of F1 to the mean of both classes. */
const NOTABLE_GAIN = 0.05;

/**
 * Finds the two classes whose merge raises F1 most, compared with the mean of both; undefined if no two classes are often
 * confused, or if none gains. The F1 is exact for the detections of the model: both names are replaced, and everything is
 * counted again.
 * @param f1Of F1 of each class, 0 to 1
 */
export function proposeMerge(
  images: readonly (TestImage & { readonly photo: string })[],
  matrix: ConfusionMatrix,
  f1Of: ReadonlyMap<string, number>,
): MergeProposal | undefined {
  const proposals = confusedPairs(images, matrix).map((pair) => ({
    ...pair,
    ...evaluateMerged(images, pair.labels),
    apart: [f1Of.get(pair.labels[0]) ?? 0, f1Of.get(pair.labels[1]) ?? 0] as const,
  }));
  return proposals
    .filter((proposal) => gainOf(proposal) >= NOTABLE_GAIN)
    .sort((a, b) => gainOf(b) - gainOf(a))[0];
}

/** The difference of F1 between both as one class and the mean of both. */
export const gainOf = ({ merged, apart }: Pick<MergeProposal, 'merged' | 'apart'>): number =>
  merged - (apart[0] + apart[1]) / 2;

function confusedPairs(images: readonly TestImage[], { labels, cells }: ConfusionMatrix) {
  const objectsOf = new Map(
    [
      ...groupBy(
        images.flatMap(({ truth }) => truth),
        ({ label }) => label,
      ),
    ].map(([label, own]) => [label, own.length] as const),
  );
  return labels.flatMap((first, i) =>
    labels.slice(i + 1).flatMap((second, offset) => {
      const j = i + 1 + offset;
      const confused = (cells[i]?.[j] ?? 0) + (cells[j]?.[i] ?? 0);
      const objects = (objectsOf.get(first) ?? 0) + (objectsOf.get(second) ?? 0);
      if (confused < MIN_CONFUSED || confused < NOTABLE_SHARE * objects) return [];
      return [{ labels: [first, second] as const, objects, confused }];
    }),
  );
}

function evaluateMerged(
  images: readonly (TestImage & { readonly photo: string })[],
  pair: readonly string[],
): Pick<MergeProposal, 'merged' | 'interval'> {
  const [name = ''] = pair;
  const renamed = images.map(({ truth, detections, photo }) => ({
    truth: truth.filter(({ label }) => pair.includes(label)).map((box) => ({ ...box, label: name })),
    detections: detections
      .filter(({ label }) => pair.includes(label))
      .map((one) => ({ ...one, label: name })),
    photo,
  }));
  const { f1, threshold } = evaluateLabel(name, renamed);
  const { labels } = f1Intervals(renamed, new Map([[name, threshold]]));
  return { merged: f1, interval: labels.get(name) ?? null };
}
