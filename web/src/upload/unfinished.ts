/** An upload in parts that has begun: what is needed to go on with it after the page was closed. */
export interface Unfinished {
  readonly name: string;
  readonly size: number;
  readonly modified: number;
  readonly dataset: string;
  readonly key: string;
  readonly uploadId: string;
  readonly partBytes: number;
  readonly parts: number;
}

const PLACE = 'curator-unfinished-uploads';
/** The endpoint or the bucket's own rules end abandoned uploads; older ones than these are likely gone. */
const MAX_KEPT = 5;

export function unfinishedUploads(): Unfinished[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(PLACE) ?? '[]');
    return Array.isArray(kept) ? kept.filter(isUnfinished) : [];
  } catch {
    return [];
  }
}

export function remember(upload: Unfinished): void {
  save([upload, ...unfinishedUploads().filter(({ key }) => key !== upload.key)].slice(0, MAX_KEPT));
}

export function forget(key: string): void {
  save(unfinishedUploads().filter((upload) => upload.key !== key));
}

/** The same file for the same dataset, as far as a browser tells. */
export function findUnfinished(file: File, dataset: string): Unfinished | undefined {
  return unfinishedUploads().find((upload) => upload.dataset === dataset && isOf(upload, file));
}

export const isOf = (upload: Unfinished, file: File) =>
  upload.name === file.name && upload.size === file.size && upload.modified === file.lastModified;

/** A browser that keeps nothing (private windows) uploads all the same, only without going on later. */
function save(uploads: readonly Unfinished[]): void {
  try {
    localStorage.setItem(PLACE, JSON.stringify(uploads));
  } catch {
    return;
  }
}

function isUnfinished(value: unknown): value is Unfinished {
  if (typeof value !== 'object' || value === null) return false;
  const upload = value as Record<string, unknown>;
  return (
    ['name', 'dataset', 'key', 'uploadId'].every((field) => typeof upload[field] === 'string') &&
    ['size', 'modified', 'partBytes', 'parts'].every((field) => typeof upload[field] === 'number')
  );
}
