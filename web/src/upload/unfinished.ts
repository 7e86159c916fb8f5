import type { OpenedUpload } from '../../../src/endpoint-client/resumable-upload.js';

/** A multipart upload that was opened, with the properties that identify its file after the page was closed. */
export interface UnfinishedUpload extends OpenedUpload {
  readonly name: string;
  /** Bytes of the file. */
  readonly size: number;
  /** When the file was last modified, in milliseconds since 1970. */
  readonly modified: number;
  readonly dataset: string;
}

const STORAGE_KEY = 'curator-unfinished-uploads';
/** Older uploads were probably removed already, by the bucket's lifecycle rule. */
const MAX_REMEMBERED = 5;

export function unfinishedUploads(): UnfinishedUpload[] {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(STORAGE_KEY) ?? '[]');
    return Array.isArray(stored) ? stored.filter(isUnfinished) : [];
  } catch {
    return [];
  }
}

export function remember(upload: UnfinishedUpload): void {
  save([upload, ...unfinishedUploads().filter(({ key }) => key !== upload.key)].slice(0, MAX_REMEMBERED));
}

export function forget(key: string): void {
  save(unfinishedUploads().filter((upload) => upload.key !== key));
}

/** The unfinished upload of this file to this dataset, by the name, size and time of the file. */
export function findUnfinished(file: File, dataset: string): UnfinishedUpload | undefined {
  return unfinishedUploads().find((upload) => upload.dataset === dataset && isOf(upload, file));
}

export const isOf = (upload: UnfinishedUpload, file: File) =>
  upload.name === file.name && upload.size === file.size && upload.modified === file.lastModified;

/** In a browser that stores nothing (private windows) an interrupted upload cannot be resumed. */
function save(uploads: readonly UnfinishedUpload[]): void {
  try {
    localStorage.setItem(STORAGE_KEY, JSON.stringify(uploads));
  } catch {
    return;
  }
}

function isUnfinished(value: unknown): value is UnfinishedUpload {
  if (typeof value !== 'object' || value === null) return false;
  const upload = value as Record<string, unknown>;
  return (
    ['name', 'dataset', 'key', 'uploadId'].every((field) => typeof upload[field] === 'string') &&
    ['size', 'modified', 'partBytes', 'parts'].every((field) => typeof upload[field] === 'number')
  );
}
