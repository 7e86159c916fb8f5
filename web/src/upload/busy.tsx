import { useState } from 'preact/hooks';
import { errorMessage } from '../../../src/lib/error-message.js';
import { api } from '../api.js';
import { Problem } from '../parts/problem.js';

/** An upload whose dataset has a run in progress: replace that run, or discard the upload. */
export function Busy({
  dataset,
  onReplaced,
  onDiscard,
}: {
  dataset: string;
  /** Called once the other run has ended. */
  onReplaced: () => void;
  onDiscard: () => void;
}) {
  const [cancelling, setCancelling] = useState(false);
  const [problem, setProblem] = useState('');
  const replace = () => {
    setCancelling(true);
    setProblem('');
    api.cancel(dataset).then(onReplaced, (error: unknown) => {
      setCancelling(false);
      setProblem(errorMessage(error));
    });
  };
  return (
    <section class="actions" aria-labelledby="busy-title">
      <p id="busy-title" class="problem" role="alert">
        The dataset {dataset} has a run in progress.{' '}
        <a href={`#/datasets/${encodeURIComponent(dataset)}`}>Open the run</a>
      </p>
      <p class="minor">
        “Replace” cancels that run and uses this file instead. A training that has started continues and is
        charged.
      </p>
      <button type="button" onClick={onDiscard} disabled={cancelling}>
        Discard this upload
      </button>
      <button type="button" class="danger" onClick={replace} disabled={cancelling}>
        {cancelling ? 'Cancelling the other run …' : 'Replace'}
      </button>
      <Problem text={problem} />
    </section>
  );
}
