import { isGaining, signed } from '../../advice/gain.js';
import type { ClassCurve } from '../../contracts/cross-validation.js';
import { columns } from './columns.js';

/**
 * The learning curves as a table: F1 of the local detector by the number of photos, and what the last doubling of the
 * photos gained.
 */
export function curveTable(classes: readonly ClassCurve[]): string {
  const shares = (classes[0]?.points ?? []).map(({ share }) => `F1 at ${Math.round(100 * share)} %`);
  const rows = classes.map(({ label, points, gain }) => [
    label,
    ...points.map(({ photos, f1 }) => `${f1.toFixed(2)} (${photos})`),
    gain ? `${signed(gain.low)} to ${signed(gain.high)}` : 'unknown',
    isGaining({ gain }) ? 'still gains from more photos' : '',
  ]);
  return [
    'Local detector, cross-validated on this dataset. These are not figures of Rekognition.',
    'In parentheses: photos with the class that a detector was fitted on. Last gain: 95 % interval.',
    '',
    columns([['class', ...shares, 'last gain', ''], ...rows]),
  ].join('\n');
}
