import type { Progress } from '../../src/contracts/workflow-io.js';
import type { ValidationReport } from '../../src/dataset/curating/validation-report.js';
import type { DatasetSettings } from '../../src/dataset/model/settings.js';
import type { ModelCard } from '../../src/training/model-card-schema.js';
import type { Boxed } from './parts/boxed-image.js';

/** An answer that isn't a success; `message` is for people. Status 0: nobody answered. */
export class ApiError extends Error {
  override readonly name = 'ApiError';

  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

export interface DatasetEntry {
  readonly dataset: string;
  readonly status: string;
  /** ISO time. */
  readonly started: string | null;
  readonly runId: string | null;
}

export interface GalleryImage extends Boxed {
  readonly key: string;
  readonly split: 'train' | 'val';
}

export interface GalleryPage {
  readonly total: number;
  readonly offset: number;
  readonly images: readonly GalleryImage[];
}

export interface RejectedImage {
  readonly path: string;
  readonly reason: string;
  readonly message: string;
}

export interface Detected {
  readonly modelVersion: string;
  /** Pixels of the upright photo. */
  readonly width: number;
  readonly height: number;
  readonly labels: readonly {
    readonly label: string;
    /** 0 to 100. */
    readonly confidence: number;
    /** In shares of the photo's sides. */
    readonly box: {
      readonly left: number;
      readonly top: number;
      readonly width: number;
      readonly height: number;
    };
  }[];
}

export interface Presigned {
  readonly key: string;
  readonly url?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly multipart?: { readonly uploadId: string; readonly partBytes: number; readonly parts: number };
}

export interface SignedPart {
  readonly part: number;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The page lies beside the routes, under whatever prefix: every address is relative to it. */
export function address(
  path: string,
  query: Readonly<Record<string, string | number | undefined>> = {},
): string {
  const url = new URL(path, document.baseURI);
  url.hash = '';
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== '') url.searchParams.set(name, String(value));
  }
  return url.href;
}

const datasetPath = (dataset: string, rest = '') => `datasets/${encodeURIComponent(dataset)}${rest}`;

async function call<T>(
  path: string,
  query: Parameters<typeof address>[1] = {},
  init: RequestInit = {},
): Promise<T> {
  let response: Response;
  try {
    response = await fetch(address(path, query), { ...init, credentials: 'same-origin' });
  } catch (error) {
    if (init.signal?.aborted) throw error;
    throw new ApiError(0, 'The endpoint does not answer. Is `curator up` or `curator serve` running?');
  }
  if (!response.ok) throw new ApiError(response.status, await detailOf(response));
  return response.status === 204 ? (undefined as T) : ((await response.json()) as T);
}

async function detailOf(response: Response): Promise<string> {
  const document: unknown = await response.json().catch(() => undefined);
  const detail =
    document && typeof document === 'object' && 'detail' in document ? document.detail : undefined;
  return typeof detail === 'string'
    ? detail
    : `The endpoint answered ${response.status} ${response.statusText}.`;
}

const post = (body: unknown): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

export const api = {
  datasets: async (signal: AbortSignal) =>
    (await call<{ datasets: readonly DatasetEntry[] }>('datasets', {}, { signal })).datasets,
  progress: (dataset: string) => call<Progress>(datasetPath(dataset)),
  eventsAddress: (dataset: string) => address(datasetPath(dataset, '/events')),
  reportAddress: (dataset: string) => address(datasetPath(dataset, '/report')),
  report: (dataset: string) => call<ValidationReport>(datasetPath(dataset, '/report'), { format: 'json' }),
  images: (
    dataset: string,
    query: { split: string; label: string; offset: number; limit: number },
    signal: AbortSignal,
  ) => call<GalleryPage>(datasetPath(dataset, '/images'), query, { signal }),
  imageAddress: (dataset: string, key: string) => address(datasetPath(dataset, '/image'), { key }),
  rejected: async (dataset: string) =>
    (await call<{ rejected: readonly RejectedImage[] }>(datasetPath(dataset, '/rejected'))).rejected,
  models: async (dataset: string) =>
    (await call<{ models: readonly ModelCard[] }>(datasetPath(dataset, '/models'))).models,
  workflowUrl: async (dataset: string) =>
    (await call<{ url: string | null }>(datasetPath(dataset, '/workflow'))).url,
  decide: (dataset: string, decision: { decision: 'approve' | 'reject'; by: string; note: string }) =>
    call<unknown>(datasetPath(dataset, '/approval'), {}, post(decision)),
  cancel: (dataset: string) => call<unknown>(datasetPath(dataset, '/cancel'), {}, post({})),
  detect: (dataset: string, photo: Blob) =>
    call<Detected>(
      datasetPath(dataset, '/detect'),
      {},
      // What it is, its content tells: browsers go by the name, and know no type for some.
      {
        method: 'POST',
        headers: { 'content-type': photo.type.startsWith('image/') ? photo.type : 'image/jpeg' },
        body: photo,
      },
    ),
  signIn: (token: string) => call<unknown>('session', {}, post({ token })),

  presign: (query: { filename: string; size: number; dataset: string; multipart: string }) =>
    call<Presigned>('data-presign', query),
  signParts: async (upload: { key: string; uploadId: string; parts: readonly number[] }) =>
    (await call<{ parts: readonly SignedPart[] }>('uploads/parts', {}, post(upload))).parts,
  partsThere: (upload: { key: string; uploadId: string }) =>
    call<readonly { part: number; bytes: number }[]>('uploads/parts', upload),
  complete: (upload: { key: string; uploadId: string }) =>
    call<unknown>('uploads/complete', {}, post(upload)),
  notify: (request: { key: string; dataset: string; settings: DatasetSettings }) =>
    call<{ workflowId: string; runId: string }>('notify-upload', {}, post(request)),
};
