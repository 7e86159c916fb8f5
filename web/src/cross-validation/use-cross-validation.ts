import { useEffect, useState } from 'preact/hooks';
import { errorMessage } from '../../../src/lib/error-message.js';
import { ApiError, api, type CrossValidationDocument } from '../api.js';
import { sleep } from '../upload/pause.js';

/** What is known about the cross-validation of a dataset version, and what can be done about it. */
export interface CrossValidation {
  /** Undefined until it is loaded. */
  readonly document: CrossValidationDocument | undefined;
  /** Why it cannot be loaded, started or stopped; empty if nothing went wrong. */
  readonly problem: string;
  /** What was requested and is not visible in `document` yet. */
  readonly requested: Request | null;
  start(): void;
  stop(): void;
}

type Request = 'start' | 'stop';

const INTERVAL_MS = 2_000;

/** Follows the cross-validation of a dataset version. Loads nothing if the version is null. */
export function useCrossValidation(dataset: string, version: string | null): CrossValidation {
  const [document, setDocument] = useState<CrossValidationDocument>();
  const [problem, setProblem] = useState('');
  const [requested, setRequested] = useState<Request | null>(null);
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    if (version === null) return undefined;
    const own = new AbortController();
    void follow(dataset, version, own.signal, {
      document: (loaded) => {
        setDocument(loaded);
        setProblem('');
        if (loaded.running) setRequested((before) => (before === 'start' ? null : before));
      },
      problem: setProblem,
    }).then(() => {
      // Nothing runs, or what runs is unknown.
      if (!own.signal.aborted) setRequested(null);
    });
    return () => own.abort();
  }, [dataset, version, attempt]);
  const change = (request: Request, send: () => Promise<unknown>) => {
    setRequested(request);
    setProblem('');
    send().then(
      () => setAttempt((before) => before + 1),
      (error: unknown) => {
        setRequested(null);
        setProblem(errorMessage(error));
        // It may have ended meanwhile: then its end is shown instead.
        if (request === 'stop') setAttempt((before) => before + 1);
      },
    );
  };
  return {
    document: document?.version === version ? document : undefined,
    problem,
    requested,
    start: () => change('start', () => startVersion(dataset, version)),
    // A stop takes effect within half a minute.
    stop: () => change('stop', () => api.stopCrossValidation(dataset, version ?? '')),
  };
}

async function startVersion(dataset: string, version: string | null): Promise<void> {
  const started = await api.startCrossValidation(dataset);
  if (started.version !== version)
    throw new Error('The dataset has a newer version, which is examined now. Reload this page.');
}

interface Listener {
  document(loaded: CrossValidationDocument): void;
  problem(message: string): void;
}

/** Loads the document until nothing runs, through restarts of the endpoint and losses of the network. */
async function follow(
  dataset: string,
  version: string,
  signal: AbortSignal,
  listener: Listener,
): Promise<void> {
  while (!signal.aborted) {
    try {
      const loaded = await api.crossValidation(dataset, version, signal);
      listener.document(loaded);
      if (!loaded.running) return;
    } catch (error) {
      if (signal.aborted) return;
      const passes =
        error instanceof ApiError && (error.status === 0 || error.status === 429 || error.status >= 500);
      listener.problem(`${errorMessage(error)}${passes ? ' Retrying …' : ''}`);
      if (!passes) return;
    }
    await sleep(INTERVAL_MS, signal);
  }
}
