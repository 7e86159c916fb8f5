import type { DatasetSettings } from '../../../src/dataset/model/settings.js';
import {
  type Retries,
  type UploadTransport,
  uploadFile,
  withRetries,
} from '../../../src/endpoint-client/resumable-upload.js';
import { ApiError, api } from '../api.js';
import { pause } from './pause.js';
import { put } from './put.js';
import { findUnfinished, forget, remember } from './unfinished.js';

export interface UploadOptions {
  readonly file: File;
  readonly dataset: string;
  readonly settings: DatasetSettings;
  readonly signal: AbortSignal;
  /** Called with the number of bytes that S3 has so far, including those of an interrupted upload. */
  readonly onSent: (bytes: number) => void;
  /** Called with the reason before each pause, and with null once a request succeeds again. */
  readonly onWaiting: (reason: string | null) => void;
}

/** Keys of uploaded files: if the run could not be started, the next attempt does not send the bytes again. */
const uploaded = new WeakMap<File, { readonly dataset: string; readonly key: string }>();

/**
 * Uploads the file and starts its run.
 * @throws ApiError of a request that was refused or failed too often; the next call resumes the upload
 */
export async function uploadAndStart(options: UploadOptions): Promise<void> {
  const { file, dataset, settings, signal, onWaiting } = options;
  const retries: Retries = {
    statusOf: (error) => (error instanceof ApiError ? error.status : undefined),
    pause: (milliseconds) => pause(milliseconds, signal),
    onWaiting,
  };
  const earlier = uploaded.get(file);
  const key = earlier?.dataset === dataset ? earlier.key : await uploadFile(transportOf(options, retries));
  uploaded.set(file, { dataset, key });
  await withRetries(retries, () => api.notify({ key, dataset, settings }));
}

function transportOf({ file, dataset, signal, onSent }: UploadOptions, retries: Retries): UploadTransport {
  const { name, size, lastModified: modified } = file;
  const query = { filename: name, size, dataset };
  return {
    ...retries,
    size,
    onProgress: onSent,
    presign: async () => {
      const presigned = await api.presign(query);
      if ('url' in presigned) return presigned;
      throw new Error('The endpoint opened a multipart upload for a small file.');
    },
    open: async () => {
      const presigned = await api.presign({ ...query, multipart: 'true' });
      if ('multipart' in presigned) return { key: presigned.key, ...presigned.multipart };
      throw new Error('The endpoint did not open a multipart upload.');
    },
    listParts: ({ key, uploadId }) => api.uploadedParts({ key, uploadId }),
    signPart: async ({ key, uploadId }, part) => {
      const [signed] = await api.signParts({ key, uploadId, parts: [part] });
      if (signed) return signed;
      throw new Error(`The endpoint returned no URL for part ${part}.`);
    },
    put: ({ url, headers }, { start, end }, onPut) =>
      put({ url, headers, body: file.slice(start, end), signal, onSent: onPut }),
    complete: async ({ key, uploadId }) => {
      await api.complete({ key, uploadId });
    },
    recall: async () => findUnfinished(file, dataset),
    remember: async (opened) => remember({ ...opened, name, size, modified, dataset }),
    forget: async ({ key }) => forget(key),
  };
}
