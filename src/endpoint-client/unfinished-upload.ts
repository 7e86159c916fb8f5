import { createHash } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { canonicalJson } from '../dataset/model/identity.js';
import { makeFolder } from '../lib/make-folder.js';
import { readRegularFile } from '../lib/read-regular-file.js';
import type { OpenedUpload } from './resumable-upload.js';

/** A hundred times the size of a record. */
const MAX_RECORD_BYTES = 64 * 1024;

const openedSchema = z.object({
  key: z.string(),
  uploadId: z.string(),
  partBytes: z.number(),
  parts: z.number(),
}) satisfies z.ZodType<OpenedUpload>;

/** Two uploads with the same values are the same upload. The content counts, not the path: a folder is zipped to a new path each time. */
export interface UploadIdentity {
  readonly endpoint: string;
  readonly dataset: string;
  readonly sha256: string;
}

/** The record of one unfinished upload: one file per upload, so that parallel commands do not overwrite each other's. */
export class UnfinishedUpload {
  private readonly folder: string;
  private readonly file: string;

  constructor(home: string, { endpoint, dataset, sha256 }: UploadIdentity) {
    const text = canonicalJson({ endpoint: endpoint.replace(/\/$/, ''), dataset, sha256 });
    this.folder = join(home, 'uploads');
    this.file = join(this.folder, `${createHash('sha256').update(text).digest('hex').slice(0, 32)}.json`);
  }

  async recall(): Promise<OpenedUpload | undefined> {
    try {
      return openedSchema.parse(JSON.parse(readRegularFile(this.file, MAX_RECORD_BYTES).toString('utf8')));
    } catch {
      return undefined;
    }
  }

  /** If the record cannot be written the file is uploaded too, but an interrupted upload cannot be resumed. */
  async remember(upload: OpenedUpload): Promise<void> {
    try {
      makeFolder(this.folder, 'CURATOR_HOME');
      await writeFile(this.file, JSON.stringify(upload), { mode: 0o600 });
    } catch {
      // The upload itself goes on.
    }
  }

  async forget(): Promise<void> {
    await rm(this.file, { force: true });
  }
}
