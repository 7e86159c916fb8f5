import type { ErrorSummary } from '../../../src/evaluation/error-summary.js';
import { DETECTION_WORDS, OBJECT_WORDS, type Words } from '../../../src/evaluation/error-words.js';
import { count, plural, share } from '../format.js';

/** What kinds of errors the model makes: a bar of its detections and one of the labelled objects. */
export function KindBars({ summary: { detections, objects } }: { summary: ErrorSummary }) {
  return (
    <div class="kinds">
      <KindBar noun="detection" words={DETECTION_WORDS} counts={detections} />
      <KindBar noun="labelled object" words={OBJECT_WORDS} counts={objects} />
    </div>
  );
}

function KindBar<K extends string>({
  noun,
  words,
  counts,
}: {
  noun: string;
  words: Readonly<Record<K, Words>>;
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
            <strong>{count(counts[kind])}</strong> {words[kind].name}{' '}
            <span class="minor">{words[kind].meaning}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
