import type { DetectionKind, ObjectKind } from '../../../src/evaluation/error-kinds.js';
import type { ErrorSummary } from '../../../src/evaluation/error-summary.js';
import { count, plural, share } from '../format.js';

const DETECTIONS: Readonly<Record<DetectionKind, string>> = {
  correct: 'right',
  'badly-placed': 'right class, badly placed',
  'wrong-class': 'on an object of another class',
  'wrong-class-and-place': 'wrong class and badly placed',
  duplicate: 'on an object that was already found',
  'nothing-there': 'nothing there',
};

const OBJECTS: Readonly<Record<ObjectKind, string>> = {
  found: 'found',
  'badly-placed': 'detected, but badly placed',
  'wrong-class': 'taken for another class',
  'wrong-class-and-place': 'taken for another class and badly placed',
  missed: 'not detected at all',
};

/** What kinds of errors the model makes: a bar of its detections and one of the labelled objects. */
export function KindBars({ summary: { detections, objects } }: { summary: ErrorSummary }) {
  return (
    <div class="kinds">
      <KindBar noun="detection" words={DETECTIONS} counts={detections} />
      <KindBar noun="labelled object" words={OBJECTS} counts={objects} />
    </div>
  );
}

function KindBar<K extends string>({
  noun,
  words,
  counts,
}: {
  noun: string;
  words: Readonly<Record<K, string>>;
  counts: Readonly<Record<K, number>>;
}) {
  const kinds = Object.keys(words) as K[];
  const total = kinds.reduce((sum, kind) => sum + counts[kind], 0);
  return (
    <div>
      <h4>{plural(total, noun)}</h4>
      <span class="stack" aria-hidden="true">
        {kinds.map(
          (kind) =>
            counts[kind] > 0 && (
              <span key={kind} class={`kind-${kind}`} style={{ width: `${share(counts[kind], total)}%` }} />
            ),
        )}
      </span>
      <ul class="legend">
        {kinds.map((kind) => (
          <li key={kind}>
            <span class={`swatch kind-${kind}`} aria-hidden="true" />
            <strong>{count(counts[kind])}</strong> {words[kind]}
          </li>
        ))}
      </ul>
    </div>
  );
}
