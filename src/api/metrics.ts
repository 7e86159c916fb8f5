/** `curator/metrics`: F1, precision and recall as Rekognition Custom Labels computes them, with intervals and chance level. */

export { intersectionOverUnion, type Rectangle } from '../dataset/model/rectangle.js';
export type { Box, Size } from '../dataset/model/types.js';
export { type Ends, f1Intervals, type Intervals, type SampledImage } from '../evaluation/bootstrap.js';
export { chanceF1, type LabelledPicture } from '../evaluation/chance.js';
export {
  type Detection,
  evaluateLabel,
  type LabelMetrics,
  type Overall,
  overallOf,
  type TestImage,
} from '../evaluation/metrics.js';
