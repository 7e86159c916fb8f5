import { useEffect, useState } from 'preact/hooks';
import { errorMessage } from '../../../src/lib/error-message.js';
import { api, type TestedImage } from '../api.js';

export interface LoadedTest {
  /** Null until they are loaded, and if they cannot be. */
  readonly images: readonly TestedImage[] | null;
  /** Why there are none. */
  readonly problem: string | null;
}

const NONE: LoadedTest = { images: null, problem: null };

/** Loads the test images of a model with its detections. */
export function useTestImages(dataset: string, modelVersion: string | undefined): LoadedTest {
  const [loaded, setLoaded] = useState(NONE);
  useEffect(() => {
    setLoaded(NONE);
    if (modelVersion === undefined) return undefined;
    const control = new AbortController();
    api.testImages(dataset, modelVersion, control.signal).then(
      (images) => setLoaded({ images, problem: null }),
      (error: unknown) => {
        if (!control.signal.aborted) setLoaded({ images: null, problem: errorMessage(error) });
      },
    );
    return () => control.abort();
  }, [dataset, modelVersion]);
  return loaded;
}
