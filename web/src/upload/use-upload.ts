import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import type { DatasetSettings } from '../../../src/dataset/model/settings.js';
import { errorMessage } from '../../../src/lib/error-message.js';
import { ApiError, api } from '../api.js';
import { Rate } from './rate.js';
import { uploadAndStart } from './upload.js';

export type Uploading =
  | { readonly state: 'idle' }
  | {
      readonly state: 'sending';
      readonly sent: number;
      readonly total: number;
      /** Bytes per second. */
      readonly rate: number | undefined;
      readonly waiting: string | null;
    }
  /** The dataset has a run of another upload in progress. */
  | { readonly state: 'busy'; readonly dataset: string }
  | { readonly state: 'failed'; readonly message: string; readonly status: number };

export function useUpload(onStarted: (dataset: string) => void) {
  const [uploading, setUploading] = useState<Uploading>({ state: 'idle' });
  const controller = useRef<AbortController | undefined>(undefined);

  const stop = useCallback(() => {
    controller.current?.abort();
    controller.current = undefined;
    setUploading({ state: 'idle' });
  }, []);
  useEffect(() => () => controller.current?.abort(), []);
  useEffect(() => {
    if (uploading.state !== 'sending') return undefined;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener('beforeunload', ask);
    return () => removeEventListener('beforeunload', ask);
  }, [uploading.state]);

  const start = useCallback(
    (file: File, dataset: string, settings: DatasetSettings) => {
      const own = new AbortController();
      controller.current = own;
      const rate = new Rate();
      let [sent, waiting]: [number, string | null] = [0, null];
      const show = () => {
        if (own.signal.aborted) return;
        const perSecond = waiting === null ? rate.perSecond() : undefined;
        setUploading({ state: 'sending', sent, total: file.size, rate: perSecond, waiting });
      };
      show();
      uploadAndStart({
        ...{ file, dataset, settings },
        signal: own.signal,
        onSent: (bytes) => {
          [sent, waiting] = [bytes, null];
          rate.add(bytes, performance.now());
          show();
        },
        onWaiting: (reason) => {
          waiting = reason;
          show();
        },
      }).then(
        () => onStarted(dataset),
        async (error: unknown) => {
          const status = error instanceof ApiError ? error.status : -1;
          const isBusy = status === 409 && (await isRunning(dataset));
          if (own.signal.aborted) return;
          if (isBusy) setUploading({ state: 'busy', dataset });
          else setUploading({ state: 'failed', message: errorMessage(error), status });
        },
      );
    },
    [onStarted],
  );
  return { uploading, start, stop };
}

/** A conflict has other reasons too, such as a missing part. */
const isRunning = (dataset: string): Promise<boolean> =>
  api.progress(dataset).then(
    ({ result }) => result === null,
    () => false,
  );
