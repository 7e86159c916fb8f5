import { useState } from 'preact/hooks';
import { byGain, isGaining, signed } from '../../../src/advice/gain.js';
import type { ClassCurve } from '../../../src/contracts/cross-validation.js';
import { MIN_BOXES } from '../../../src/evaluation/verdict.js';
import { plural } from '../format.js';
import { ShowMore } from '../parts/show-more.js';

/** Number of classes that are shown at first. */
const PAGE = 12;

/** F1 of each class by the number of photos that the local detector was fitted on, those that gain most first. */
export function LearningCurves({ classes }: { classes: readonly ClassCurve[] }) {
  const [most, setMost] = useState(PAGE);
  const top = scaleOf(classes);
  const sorted = [...classes].sort(byGain);
  return (
    <>
      <ul class="curves" aria-label="Learning curves of the local detector">
        {sorted.slice(0, most).map((curve) => (
          <li key={curve.label}>
            <strong class="name">{curve.label}</strong>
            <Chart curve={curve} top={top} />
            <span class={isGaining(curve) ? 'gaining' : 'minor'}>{gainText(curve)}</span>
            {curve.objects < MIN_BOXES && (
              <span class="minor">only {plural(curve.objects, 'labelled object')}</span>
            )}
          </li>
        ))}
      </ul>
      <ShowMore hidden={sorted.length - most} onMore={() => setMost(most + PAGE)} />
    </>
  );
}

function gainText({ gain }: ClassCurve): string {
  if (!gain) return 'Last gain unknown';
  const interval = `${signed(gain.low)} to ${signed(gain.high)}`;
  return isGaining({ gain }) ? `Still gains: ${interval}` : `No clear gain: ${interval}`;
}

/** The size of a chart, and the margins around its curve, in units of its view box. */
const CHART = { width: 204, height: 118, left: 28, right: 20, top: 18, bottom: 22 };

function Chart({ curve: { label, points, gain }, top }: { curve: ClassCurve; top: number }) {
  const { width, height, left, right, bottom } = CHART;
  const last = points.length - 1;
  const x = (index: number) => left + ((width - left - right) * index) / Math.max(1, last);
  const y = (f1: number) =>
    height - bottom - ((height - bottom - CHART.top) * Math.min(top, Math.max(0, f1))) / top;
  const before = points.at(-2)?.f1;
  const band = gain && before !== undefined ? { low: before + gain.low, high: before + gain.high } : null;
  const spoken = points.map(({ photos, f1 }) => `F1 ${f1.toFixed(2)} with ${plural(photos, 'photo')}`);
  return (
    <svg
      class="curve"
      viewBox={`0 0 ${width} ${height}`}
      role="img"
      aria-label={`${label}, local detector: ${spoken.join(', ')}`}
    >
      <path class="axis" d={`M${left} ${y(top)}V${y(0)}H${width - right}`} />
      <text class="scale" x={left - 5} y={y(0)} text-anchor="end">
        0
      </text>
      <text class="scale" x={left - 5} y={y(top) + 8} text-anchor="end">
        {top}
      </text>
      {band && <path class="gain" d={`M${x(last)} ${y(band.low)}V${y(band.high)}`} />}
      <polyline points={points.map(({ f1 }, i) => `${x(i)},${y(f1)}`).join(' ')} />
      {points.map(({ share, photos, f1 }, i) => (
        <g key={share}>
          <circle cx={x(i)} cy={y(f1)} r="3" />
          <text x={x(i)} y={y(f1) - 7} text-anchor="middle">
            {f1.toFixed(2)}
          </text>
          <text class="scale" x={x(i)} y={height - 7} text-anchor="middle">
            {photos}
          </text>
        </g>
      ))}
    </svg>
  );
}

/** The upper end of the common scale: 0.1 to 1, so that classes can be compared and flat curves are not exaggerated. */
function scaleOf(classes: readonly ClassCurve[]): number {
  const scores = classes.flatMap(({ points, gain }) => [
    ...points.map(({ f1 }) => f1),
    (points.at(-2)?.f1 ?? 0) + (gain?.high ?? 0),
  ]);
  return Math.min(1, Math.max(0.1, Math.ceil(10 * Math.max(0, ...scores)) / 10));
}
