import { useRef } from 'preact/hooks';
import { expectedMinutes } from '../../../src/cross-validation/expected-minutes.js';
import type { CrossValidationDocument } from '../api.js';
import { count, secondsBetween, timeLeft } from '../format.js';
import { inPageWords } from '../page-words.js';
import { ProgressBar } from '../parts/progress-bar.js';
import { useNow } from '../run/use-now.js';

/** The progress of an examination, with a button that stops it. */
export function Running({
  running: { started, counts, waiting, isSilent },
  images,
  isStopping,
  onStop,
}: {
  running: NonNullable<CrossValidationDocument['running']>;
  images: number | undefined;
  isStopping: boolean;
  onStop: () => void;
}) {
  const elapsed = secondsBetween(started, useNow(true));
  const { fitted = 0, fits = 0 } = counts ?? {};
  const expected = images === undefined ? 0 : 60 * expectedMinutes(images);
  // Measured when the last part ended: from then on the time left falls, also if the next part takes long.
  const ended = useRef({ started, fitted, elapsed });
  if (ended.current.fitted !== fitted || ended.current.started !== started)
    ended.current = { started, fitted, elapsed };
  const { elapsed: before } = ended.current;
  const total = fitted > 0 ? (before / fitted) * fits : expected;
  const left = total - elapsed;
  const details = [
    fits > 0 ? `${count(fitted)} of ${count(fits)} parts` : 'Starting',
    ...(isSilent ? ['waiting for the worker'] : left > 0 ? [timeLeft(left)] : []),
  ];
  return (
    <>
      <ProgressBar
        label="Examining all images"
        {...(fits > 0 ? { value: fitted / fits } : {})}
        detail={details.join(', ')}
      />
      {waiting !== null && (
        <p class="note" role="status">
          Trying again: {inPageWords(waiting)}
        </p>
      )}
      <div class="buttons">
        <button type="button" disabled={isStopping} onClick={onStop}>
          {isStopping ? 'Stopping …' : 'Stop'}
        </button>
        <span class="minor">You can close this page: it continues, and the result will be here.</span>
      </div>
    </>
  );
}
