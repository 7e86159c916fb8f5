import { useCallback, useEffect, useState } from 'preact/hooks';
import { errorMessage } from '../../../src/lib/error-message.js';
import { ApiError, api, type DatasetEntry } from '../api.js';

export type Datasets =
  | { readonly state: 'loading' }
  | { readonly state: 'there'; readonly datasets: readonly DatasetEntry[] }
  | { readonly state: 'away'; readonly message: string };

const REFRESH_MS = 5_000;

/** The list of datasets, which is loaded again every few seconds while the page is visible. */
export function useDatasets(onLocked: () => void): Datasets {
  const [datasets, setDatasets] = useState<Datasets>({ state: 'loading' });
  const load = useCallback(
    async (signal: AbortSignal) => {
      try {
        setDatasets({ state: 'there', datasets: await api.datasets(signal) });
      } catch (error) {
        if (signal.aborted) return;
        if (error instanceof ApiError && error.status === 401) onLocked();
        setDatasets({ state: 'away', message: errorMessage(error) });
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
  return datasets;
}
