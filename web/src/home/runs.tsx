import { useCallback, useEffect, useState } from 'preact/hooks';
import { errorMessage } from '../../../src/lib/error-message.js';
import { ApiError, api, type DatasetEntry } from '../api.js';
import { score, when } from '../format.js';
import { Chip } from '../parts/chip.js';

type Runs =
  | { readonly state: 'loading' }
  | { readonly state: 'there'; readonly runs: readonly DatasetEntry[] }
  | { readonly state: 'away'; readonly message: string };

const REFRESH_MS = 5_000;

function useRuns(onLocked: () => void): Runs {
  const [runs, setRuns] = useState<Runs>({ state: 'loading' });
  const load = useCallback(
    async (signal: AbortSignal) => {
      try {
        setRuns({ state: 'there', runs: await api.datasets(signal) });
      } catch (error) {
        if (signal.aborted) return;
        if (error instanceof ApiError && error.status === 401) onLocked();
        setRuns({ state: 'away', message: errorMessage(error) });
      }
    },
    [onLocked],
  );
  useEffect(() => {
    const own = new AbortController();
    let timer: ReturnType<typeof setTimeout>;
    const again = async () => {
      if (!document.hidden) await load(own.signal);
      if (!own.signal.aborted) timer = setTimeout(() => void again(), REFRESH_MS);
    };
    void again();
    return () => {
      own.abort();
      clearTimeout(timer);
    };
  }, [load]);
  return runs;
}

export function RunList({ onLocked }: { onLocked: () => void }) {
  const runs = useRuns(onLocked);
  return (
    <section class="runs" aria-labelledby="runs-title" aria-busy={runs.state === 'loading'}>
      <h2 id="runs-title">Runs</h2>
      {runs.state === 'loading' && <p class="minor">Loading …</p>}
      {runs.state === 'away' && (
        <p class="problem" role="status">
          {runs.message} Retrying; files can be checked meanwhile.
        </p>
      )}
      {runs.state === 'there' && <List runs={runs.runs} />}
    </section>
  );
}

function List({ runs }: { runs: readonly DatasetEntry[] }) {
  if (runs.length === 0) {
    return (
      <p class="minor">
        No runs yet. <code>curator sample --out sample.zip</code> creates a sample dataset.
      </p>
    );
  }
  return (
    <ul class="rows">
      {runs.map(({ dataset, status, started, quality, model }) => (
        <li key={dataset}>
          <a href={`#/datasets/${encodeURIComponent(dataset)}`}>
            <span class="name">{dataset}</span>
            <Chip stage={status} />
            <span class="minor">
              {started === null ? '' : when(started)}
              {quality === 'unreliable' && ', unreliable scores'}
              {model && `, latest model: F1 ${model.f1 === null ? 'unknown' : score(model.f1)}`}
              {model?.trainer === 'emulator' && ' (local baseline)'}
            </span>
          </a>
        </li>
      ))}
    </ul>
  );
}
