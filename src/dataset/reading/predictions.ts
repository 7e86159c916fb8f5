import { annotationsWarning, type DatasetFinding } from '../model/findings.js';

/**
 * The finding on boxes with the score of a model; undefined if there are none.
 * @param found all annotations of the COCO files that count
 */
export function predictedBoxes(
  records: readonly { readonly path: string; readonly image: { readonly predicted: number } }[],
  found: number,
): DatasetFinding | undefined {
  const predicted = records.filter(({ image }) => image.predicted > 0);
  return annotationsWarning(
    'BOXES_PREDICTED',
    { count: predicted.reduce((sum, { image }) => sum + image.predicted, 0), found },
    {
      headline:
        'have a score, so they are predictions of a model and not labels, and the scores would compare a model with a model',
      rest: 'Export the labels. If people have checked and corrected these boxes, export them without scores.',
    },
    predicted.map(({ path, image }) => `${path}: ${image.predicted}`),
  );
}
