import { useEffect, useState } from 'preact/hooks';
import type { Progress } from '../../../src/contracts/workflow-io.js';
import { ApiError, api } from '../api.js';
import { inPageWords } from '../page-words.js';
import { sleep } from '../upload/pause.js';

export interface Followed {
  readonly progress: Progress | undefined;
  /** Why the page is not up to date: the endpoint or the worker is unavailable. */
  readonly trouble: string | null;
  /** Why there is nothing to follow; retrying does not help. */
  readonly failure: string | null;
}

const NOTHING: Followed = { progress: undefined, trouble: null, failure: null };
const FIRST_PAUSE_MS = 500;
const MAX_PAUSE_MS = 5_000;

/** Follows a dataset's run until it has ended, through restarts of the endpoint and losses of the network. A new `attempt` follows the run that was started by it. */
export function useProgress(dataset: string, attempt: number, onLocked: () => void): Followed {
  const [followed, setFollowed] = useState(NOTHING);
  useEffect(() => {
    const own = new AbortController();
    setFollowed(NOTHING);
    void follow(dataset, own.signal, {
      progress: (progress) => setFollowed({ progress, trouble: null, failure: null }),
      trouble: (trouble) => setFollowed((before) => ({ ...before, trouble })),
      failure: (error) => {
        if (error.status === 401) onLocked();
        setFollowed((before) => ({ ...before, failure: error.message }));
      },
    });
    return () => own.abort();
  }, [dataset, attempt, onLocked]);
  return followed;
}

interface Listener {
  progress(progress: Progress): void;
  trouble(message: string): void;
  failure(error: ApiError): void;
}

/** Requests the document before each event stream: an EventSource does not say why it fails. */
async function follow(dataset: string, signal: AbortSignal, listener: Listener): Promise<void> {
  let pause = FIRST_PAUSE_MS;
  while (!signal.aborted) {
    try {
      const progress = await api.progress(dataset);
      if (signal.aborted) return;
      listener.progress(progress);
      pause = FIRST_PAUSE_MS;
      if (progress.result || (await listen(dataset, signal, listener))) return;
      listener.trouble('The connection was lost. Retrying …');
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof ApiError)) throw error;
      const passes = error.status === 0 || error.status === 429 || error.status >= 500;
      if (!passes) return listener.failure(error);
      listener.trouble(`${error.message} Retrying …`);
    }
    await sleep(pause, signal);
    pause = Math.min(MAX_PAUSE_MS, pause * 2);
  }
}

/** Resolves with true once the run has ended or the signal aborts, with false if the connection broke. */
function listen(dataset: string, signal: AbortSignal, listener: Listener): Promise<boolean> {
  return new Promise((resolve) => {
    const events = new EventSource(api.eventsAddress(dataset));
    const end = (over: boolean) => {
      events.close();
      resolve(over);
    };
    signal.addEventListener('abort', () => end(true), { once: true });
    events.addEventListener('progress', ({ data }: MessageEvent<string>) => {
      const progress = JSON.parse(data) as Progress;
      listener.progress(progress);
      if (progress.result) end(true);
    });
    events.addEventListener('unavailable', ({ data }: MessageEvent<string>) => {
      listener.trouble(inPageWords((JSON.parse(data) as { detail: string }).detail));
    });
    events.addEventListener('problem', () => end(false));
    events.onerror = () => end(false);
  });
}
