import { createHash } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { canonicalJson } from '../dataset/model/identity.js';

const unfinishedSchema = z.object({
  key: z.string(),
  uploadId: z.string(),
  partBytes: z.number(),
  parts: z.number(),
});
/** An upload in parts that has begun: what is needed to go on with it in another run of the command. */
export type Unfinished = z.infer<typeof unfinishedSchema>;

/** What makes two uploads the same one. Content, since a folder is zipped to another path each time. */
export interface UploadIdentity {
  readonly endpoint: string;
  readonly dataset: string;
  readonly sha256: string;
}

/** The memory of one upload: a file in the home folder, so that several commands don't write over each other's. */
export class UnfinishedUpload {
  private readonly folder: string;
  private readonly file: string;

  constructor(home: string, { endpoint, dataset, sha256 }: UploadIdentity) {
    const text = canonicalJson({ endpoint: endpoint.replace(/\/$/, ''), dataset, sha256 });
    this.folder = join(home, 'uploads');
    this.file = join(this.folder, `${createHash('sha256').update(text).digest('hex').slice(0, 32)}.json`);
  }

  async recall(): Promise<Unfinished | undefined> {
    try {
      return unfinishedSchema.parse(JSON.parse(await readFile(this.file, 'utf8')));
    } catch {
      return undefined;
    }
  }

  /** Where nothing can be kept, a file is uploaded all the same, only without going on later. */
  async remember(upload: Unfinished): Promise<void> {
    await mkdir(this.folder, { recursive: true })
      .then(() => writeFile(this.file, JSON.stringify(upload), { mode: 0o600 }))
      .catch(() => undefined);
  }

  async forget(): Promise<void> {
    await rm(this.file, { force: true });
  }
}
