import type { Approval, Progress } from '../../src/contracts/workflow-io.js';
import type { ValidationReport } from '../../src/dataset/curating/validation-report.js';
import type { DatasetSettings } from '../../src/dataset/model/settings.js';
// Types only: the page does not load zod.
import type {
  Advice,
  Comparisons,
  CrossValidationDocument,
  Detection,
  TestImages,
} from '../../src/endpoint/model-schemas.js';
import type {
  Deletion,
  FindingCases,
  History,
  ImagePage,
  LastSettings,
  ModelCards,
  RejectedImages,
  RunList,
  StartedRun,
  WorkflowLink,
} from '../../src/endpoint/schemas.js';
import type { Presigned, SignedParts, UploadedParts } from '../../src/endpoint/upload-schemas.js';

import { inPageWords } from './page-words.js';

/** An unsuccessful response; `message` is for people. Status 0: there was no response. */
export class ApiError extends Error {
  override readonly name = 'ApiError';

  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

export type ModelComparison = Comparisons['comparisons'][number];
export type DatasetEntry = RunList['datasets'][number];
export type GalleryImage = ImagePage['images'][number];
export type RejectedImage = RejectedImages['rejected'][number];
export type TestedImage = TestImages['images'][number];
export type { Advice, CrossValidationDocument, Detection } from '../../src/endpoint/model-schemas.js';
export type { Deletion, History } from '../../src/endpoint/schemas.js';

/** The absolute URL of a route, relative to the page: both have the same path prefix. */
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
    throw new ApiError(
      0,
      'The server of this page does not respond. Ask the person who runs Curator to start it.',
    );
  }
  if (!response.ok) throw new ApiError(response.status, inPageWords(await detailOf(response)));
  return response.status === 204 ? (undefined as T) : ((await response.json()) as T);
}

async function detailOf(response: Response): Promise<string> {
  const document: unknown = await response.json().catch(() => undefined);
  const detail =
    document && typeof document === 'object' && 'detail' in document ? document.detail : undefined;
  return typeof detail === 'string'
    ? detail
    : `The endpoint returned ${response.status} ${response.statusText}.`;
}

const post = (body: unknown): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

export const api = {
  datasets: async (signal: AbortSignal) => (await call<RunList>('datasets', {}, { signal })).datasets,
  progress: (dataset: string) => call<Progress>(datasetPath(dataset)),
  eventsAddress: (dataset: string) => address(datasetPath(dataset, '/events')),
  reportAddress: (dataset: string, version?: string) => address(datasetPath(dataset, '/report'), { version }),
  history: (dataset: string) => call<History>(datasetPath(dataset, '/history')),
  exportAddress: (dataset: string, format: 'coco' | 'yolo') =>
    address(datasetPath(dataset, '/export'), { format }),
  report: (dataset: string) => call<ValidationReport>(datasetPath(dataset, '/report'), { format: 'json' }),
  images: (
    dataset: string,
    query: { split: string; label: string; offset: number; limit: number },
    signal: AbortSignal,
  ) => call<ImagePage>(datasetPath(dataset, '/images'), query, { signal }),
  imageAddress: (dataset: string, key: string) => address(datasetPath(dataset, '/image'), { key }),
  rejected: async (dataset: string) =>
    (await call<RejectedImages>(datasetPath(dataset, '/rejected'))).rejected,
  findingCases: async (dataset: string) =>
    (await call<FindingCases>(datasetPath(dataset, '/finding-cases'))).cases,
  comparisons: async (dataset: string) =>
    (await call<Comparisons>(datasetPath(dataset, '/model-comparisons'))).comparisons,
  models: (dataset: string) => call<ModelCards>(datasetPath(dataset, '/models')),
  testImages: async (dataset: string, modelVersion: string, signal: AbortSignal) =>
    (
      await call<TestImages>(
        datasetPath(dataset, `/models/${encodeURIComponent(modelVersion)}/test-images`),
        {},
        { signal },
      )
    ).images,
  advice: (dataset: string, modelVersion: string) =>
    call<Advice>(datasetPath(dataset, `/models/${encodeURIComponent(modelVersion)}/advice`)),
  labelReviewAddress: (dataset: string, modelVersion: string) =>
    address(datasetPath(dataset, `/models/${encodeURIComponent(modelVersion)}/label-review.csv`)),
  crossValidation: (dataset: string, version: string, signal: AbortSignal) =>
    call<CrossValidationDocument>(datasetPath(dataset, '/cross-validation'), { version }, { signal }),
  startCrossValidation: (dataset: string) =>
    call<{ version: string }>(datasetPath(dataset, '/cross-validation'), {}, post({})),
  stopCrossValidation: (dataset: string, version: string) =>
    call<unknown>(datasetPath(dataset, '/cross-validation'), { version }, { method: 'DELETE' }),
  doubtfulLabelsAddress: (dataset: string, version: string) =>
    address(datasetPath(dataset, '/cross-validation/labels.csv'), { version }),
  modelReportAddress: (dataset: string, modelVersion: string) =>
    address(datasetPath(dataset, `/models/${encodeURIComponent(modelVersion)}/report`)),
  workflowUrl: async (dataset: string) => (await call<WorkflowLink>(datasetPath(dataset, '/workflow'))).url,
  decide: (dataset: string, decision: { decision: 'approve' | 'reject'; by: string; note: string }) =>
    call<Approval>(datasetPath(dataset, '/approval'), {}, post(decision)),
  cancel: (dataset: string) => call<Progress>(datasetPath(dataset, '/cancel'), {}, post({})),
  settings: async (dataset: string) => (await call<LastSettings>(datasetPath(dataset, '/settings'))).settings,
  runAgain: (dataset: string, settings: DatasetSettings) =>
    call<StartedRun>(datasetPath(dataset, '/runs'), {}, post({ settings })),
  deletion: (dataset: string) => call<Deletion>(datasetPath(dataset, '/deletion')),
  delete: (dataset: string) => call<Deletion>(datasetPath(dataset), {}, { method: 'DELETE' }),
  /** `minConfidence` in percent; if it is undefined, the model's own thresholds apply. */
  detect: (dataset: string, photo: Blob, minConfidence: number | undefined) =>
    call<Detection>(
      datasetPath(dataset, '/detect'),
      { minConfidence },
      // The endpoint reads the format from the content; browsers derive `type` from the file name and may not know it.
      {
        method: 'POST',
        headers: { 'content-type': photo.type.startsWith('image/') ? photo.type : 'image/jpeg' },
        body: photo,
      },
    ),
  signIn: (token: string) => call<unknown>('session', {}, post({ token })),

  presign: (query: { filename: string; size: number; dataset: string; multipart?: string }) =>
    call<Presigned>('data-presign', query),
  signParts: async (upload: { key: string; uploadId: string; parts: readonly number[] }) =>
    (await call<SignedParts>('uploads/parts', {}, post(upload))).parts,
  uploadedParts: (upload: { key: string; uploadId: string }) => call<UploadedParts>('uploads/parts', upload),
  complete: (upload: { key: string; uploadId: string }) =>
    call<unknown>('uploads/complete', {}, post(upload)),
  notify: (request: { key: string; dataset: string; settings: DatasetSettings }) =>
    call<StartedRun>('notify-upload', {}, post(request)),
};
