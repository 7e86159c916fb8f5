import { useId } from 'preact/hooks';
import { count } from '../format.js';
import { type Judged, meanF1 } from './judge.js';

const OWN = 'each class at its own';

/** Chooses the confidence from which detections count, and says what the model finds then. */
export function ConfidenceBar({
  judged,
  threshold,
  start,
  onThreshold,
}: {
  judged: Judged;
  /** 0 to 1; null if each class has its own. */
  threshold: number | null;
  /** Where the slider stands meanwhile, 0 to 1. */
  start: number;
  onThreshold: (threshold: number | null) => void;
}) {
  const id = useId();
  const { found, missed, falseAlarms } = judged.summary.total;
  const f1 = meanF1(judged.summary);
  const chosen = threshold === null ? OWN : `all classes at ${threshold.toFixed(2)}`;
  return (
    <div class="confidence">
      <label for={id}>Minimum confidence</label>
      <input
        id={id}
        type="range"
        min="0"
        max="1"
        step="0.01"
        value={threshold ?? start}
        aria-valuetext={chosen}
        onInput={({ currentTarget }) => onThreshold(currentTarget.valueAsNumber)}
      />
      <span class="chosen">{chosen}</span>
      {threshold !== null && (
        <button type="button" class="quiet" onClick={() => onThreshold(null)}>
          Use the classes' own
        </button>
      )}
      <span class="counts" role="status">
        {f1 !== null && threshold !== null && `F1 ${f1.toFixed(3)}, `}
        {count(found)} found, {count(missed)} missed, {count(falseAlarms)} false alarms
      </span>
    </div>
  );
}
