import { useEffect, useState } from 'preact/hooks';

/**
 * Loads a value of a dataset, and loads it again when `revision` changes. Returns `initial` until the first value is loaded.
 * A failed request keeps the value: the page then shows less, and the run's own message has the reason.
 */
export function useLoaded<T>(
  load: (dataset: string) => Promise<T>,
  dataset: string,
  revision: string | boolean,
  initial: T,
): T {
  const [value, setValue] = useState(initial);
  useEffect(() => {
    let isCurrent = true;
    load(dataset).then(
      (loaded) => {
        if (isCurrent) setValue(loaded);
      },
      () => undefined,
    );
    return () => {
      isCurrent = false;
    };
  }, [load, dataset, revision]);
  return value;
}
