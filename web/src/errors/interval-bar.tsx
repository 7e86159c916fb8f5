import type { Ends } from '../../../src/evaluation/bootstrap.js';
import { score, share } from '../format.js';

/** A score on a scale from 0 to 1 with its 95 % interval and, if known, the score of chance. */
export function IntervalBar({
  value,
  interval,
  chance,
}: {
  value: number;
  interval: Ends | null;
  chance: number | null;
}) {
  const at = (score: number) => `${share(Math.min(1, Math.max(0, score)), 1)}%`;
  const spoken = [
    `F1 ${score(value)}`,
    interval && `95 % interval ${score(interval.low)} to ${score(interval.high)}`,
    chance !== null && `chance ${score(chance)}`,
  ];
  return (
    <span class="interval-bar" role="img" aria-label={spoken.filter(Boolean).join(', ')}>
      {interval && (
        <span class="band" style={{ left: at(interval.low), width: at(interval.high - interval.low) }} />
      )}
      {chance !== null && <span class="chance" style={{ left: at(chance) }} />}
      <span class="value-mark" style={{ left: at(value) }} />
    </span>
  );
}
