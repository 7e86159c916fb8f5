/** `curator/client`: starts, follows, approves and cancels runs from a program. */
import { connect as connectTo } from '../client/connect.js';
import type { CuratorClient } from '../client/curator-client.js';
import type { StartedRun } from '../client/requests.js';
import { readEnvironment } from '../config/environment.js';
import { readSettings } from '../config/read-settings.js';
import { withStack } from '../config/service-variables.js';
import type { Settings } from '../config/settings.js';
import { datasetNameOf, openInput } from '../input/input.js';
import { ingestInput } from '../intake/ingest-input.js';

export type { DatasetRun } from '../client/list.js';
export type { StartedRun, StartRequest } from '../client/requests.js';
export type { WatchOptions } from '../client/watch.js';
export { CuratorClient, type Deadlines, NoRunError, RefusedError, UnavailableError } from '../client.js';
export type { Settings } from '../config/settings.js';
export type { Approval, ApprovalRequest, IngestResult, Progress } from '../contracts/workflow-io.js';

/** A client with its connections. */
export interface Connection {
  readonly client: CuratorClient;
  /** Closes the connections. A program that does not call it keeps running. */
  close(): Promise<void>;
}

/**
 * Connects to Temporal and S3. Environment variables name the services: `TEMPORAL_ADDRESS`, `BUCKET`, `AWS_REGION` and the
 * AWS credentials. Without them the local stack that `curator up` runs in `CURATOR_HOME` is used.
 * @throws UsageError if a variable is invalid, or if neither variables nor a running stack name the services
 * @throws Error if Temporal does not answer
 */
export async function connect(
  variables: Readonly<Record<string, string | undefined>> = process.env,
): Promise<Connection> {
  return await connectTo(readEnvironment(withStack({ ...variables })));
}

export interface IngestOptions {
  /** Name of the dataset. The default is made from the name of the archive. */
  readonly dataset?: string;
  /** Settings that differ from `curator.config.json` and the environment. `docs/settings.md` describes them. */
  readonly settings?: Partial<Omit<Settings, 'minF1'>> & { readonly minF1?: number };
  /** Receives the uploaded bytes and the size of the archive in bytes. */
  readonly onUpload?: (bytes: number, total: number) => void;
}

/** The run that an archive has. */
export interface IngestedArchive extends StartedRun {
  readonly dataset: string;
}

/**
 * Uploads an archive, unless the bucket has it already, and starts its run. The same archive with the same settings is the
 * same upload: its earlier run is returned, with its result if it has ended.
 * @param archive path of a ZIP file or of a folder, `s3://bucket/key`, or an https address
 * @throws UsageError if the archive, the name or a setting is not valid
 * @throws RefusedError if another archive of the dataset is being ingested; this one is then not started later
 * @throws UnavailableError if Temporal does not answer
 */
export async function ingestArchive(
  client: CuratorClient,
  archive: string,
  { dataset, settings = {}, onUpload }: IngestOptions = {},
): Promise<IngestedArchive> {
  const name = datasetNameOf(archive, dataset);
  const texts = Object.entries(settings).map(([setting, value]) => [setting, String(value)] as const);
  const { dataset: datasetSettings, run } = readSettings(Object.fromEntries(texts));
  const input = await openInput(archive, () => undefined);
  try {
    const started = await ingestInput(
      client,
      input,
      { dataset: name, settings: datasetSettings, run },
      onUpload ?? (() => undefined),
    );
    return { dataset: name, ...started };
  } finally {
    if (input.kind === 'file') await input.close();
  }
}
