import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import type { CheckProgress } from '../../../src/check/examine.js';
import { type DatasetSettings, DEFAULT_DATASET_SETTINGS } from '../../../src/dataset/model/settings.js';
import type { Answer, CheckedCases, ClassSamples, Request, ShownCheck } from '../check/messages.js';

export type Check =
  | { readonly state: 'idle' }
  | { readonly state: 'reading'; readonly progress: CheckProgress }
  | {
      readonly state: 'checked';
      readonly shown: ShownCheck;
      /** The newest settings that were asked for; those of `shown` are older while a check is running. */
      readonly wanted: DatasetSettings;
      /** Objects per class; undefined until they are cut out. */
      readonly samples: readonly ClassSamples[] | undefined;
      /** Pictures of cases of findings; undefined until they are read. */
      readonly cases: CheckedCases | undefined;
      /** The progress of a check with other settings; null if none is running. */
      readonly again: CheckProgress | null;
    }
  | { readonly state: 'failed'; readonly message: string };

export interface Checking {
  readonly check: Check;
  start(file: File, dataset: string): void;
  /** Checks again with other settings. The archive is read again only for settings that reading depends on. */
  recheck(settings: DatasetSettings): void;
  stop(): void;
}

const STARTED: CheckProgress = { stage: 'inspecting', done: 0, total: 0 };

/** Checks archives in a web worker, which is loaded when the first check starts. */
export function useCheck(): Checking {
  const [check, setCheck] = useState<Check>({ state: 'idle' });
  const worker = useRef<Worker | undefined>(undefined);

  const stop = useCallback(() => {
    worker.current?.terminate();
    worker.current = undefined;
    setCheck({ state: 'idle' });
  }, []);
  useEffect(() => stop, [stop]);

  const start = useCallback(
    (file: File, dataset: string) => {
      stop();
      const started = new Worker(new URL(CHECK_WORKER, import.meta.url), { type: 'module' });
      worker.current = started;
      started.onmessage = ({ data }: MessageEvent<Answer>) => setCheck((before) => next(before, data));
      started.onerror = () =>
        setCheck({
          state: 'failed',
          message: 'The check could not be loaded. Reload the page and try again.',
        });
      setCheck({ state: 'reading', progress: STARTED });
      send(started, { type: 'read', file, dataset, settings: DEFAULT_DATASET_SETTINGS });
    },
    [stop],
  );

  const recheck = useCallback((settings: DatasetSettings) => {
    setCheck((before) =>
      before.state === 'checked' ? { ...before, again: STARTED, wanted: settings } : before,
    );
    if (worker.current) send(worker.current, { type: 'recheck', settings });
  }, []);

  return { check, start, recheck, stop };
}

function send(worker: Worker, request: Request): void {
  worker.postMessage(request);
}

function next(before: Check, answer: Answer): Check {
  if (answer.type === 'result') {
    const { shown } = answer;
    const { wanted, samples, cases } =
      before.state === 'checked' ? before : { wanted: shown.settings, samples: undefined, cases: undefined };
    return { state: 'checked', shown, wanted, samples, cases, again: null };
  }
  if (answer.type === 'samples') {
    return before.state === 'checked' ? { ...before, samples: answer.samples } : before;
  }
  if (answer.type === 'cases') {
    return before.state === 'checked' ? { ...before, cases: answer.cases } : before;
  }
  if (answer.type === 'failure') return { state: 'failed', message: answer.message };
  const { progress } = answer;
  return before.state === 'checked' ? { ...before, again: progress } : { state: 'reading', progress };
}
