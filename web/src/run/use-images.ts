import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { errorMessage } from '../../../src/lib/error-message.js';
import { api, type GalleryImage } from '../api.js';

export interface ImageFilter {
  /** Empty for all images. */
  readonly split: string;
  readonly label: string;
}

export interface LoadedImages {
  readonly images: readonly GalleryImage[];
  readonly total: number;
  /** Tiles among them. */
  readonly tiles: number;
  readonly loading: boolean;
  readonly problem: string | null;
}

const PAGE = 24;
const NONE: LoadedImages = { images: [], total: 0, tiles: 0, loading: true, problem: null };

/** Loads the images of the dataset version page by page; a changed filter starts with the first page. */
export function useImages(dataset: string, filter: ImageFilter) {
  const [loaded, setLoaded] = useState(NONE);
  const current = useRef(new AbortController());

  const load = useCallback(
    async (offset: number) => {
      const { signal } = current.current;
      setLoaded((before) => ({ ...before, loading: true, problem: null }));
      try {
        const { images, total, tiles } = await api.images(
          dataset,
          { ...filter, offset, limit: PAGE },
          signal,
        );
        setLoaded((before) => ({
          images: [...before.images, ...images],
          total,
          tiles,
          loading: false,
          problem: null,
        }));
      } catch (error) {
        if (signal.aborted) return;
        const problem = errorMessage(error);
        setLoaded((before) => ({ ...before, loading: false, problem }));
      }
    },
    [dataset, filter],
  );
  useEffect(() => {
    current.current = new AbortController();
    setLoaded(NONE);
    void load(0);
    return () => current.current.abort();
  }, [load]);

  return { loaded, more: () => void load(loaded.images.length) };
}
