import type { CuratorClient } from '../client/curator-client.js';
import { NoUploadError, RefusedError } from '../client/errors.js';
import type { StartedRun } from '../client/requests.js';
import type { Configuration } from '../config/configuration.js';
import { contradictions } from '../config/read-settings.js';
import type { RunSettings, Upload } from '../contracts/workflow-io.js';
import { invalidDatasetName, isDatasetName, uploadSha256 } from '../dataset/model/identity.js';
import { landingPrefix, ledgerPrefix, requestKeyBeside } from '../dataset/model/layout.js';
import type { DatasetSettings } from '../dataset/model/settings.js';
import { byCodePoint } from '../lib/order.js';
import { UsageError } from '../lib/usage-error.js';
import { MalformedError } from '../storage/errors.js';
import type { ListedObject, ObjectInfo } from '../storage/object-store.js';
import { putRequest, requestSchema, type UploadRequest } from './landing.js';
import type { S3Event } from './s3-events.js';

/** What became of an object that an event or the sweep named. */
export type Announced = { readonly key: string } & (
  | {
      readonly outcome: 'started' | 'known';
      readonly dataset: string;
      readonly workflowId: string;
      readonly runId: string;
    }
  /** `deferred`: another upload is being ingested, so the sweep takes this one up later. */
  | { readonly outcome: 'deferred' | 'ignored'; readonly reason: string }
);

/** What an upload is ingested with where nothing beside it says otherwise. */
export interface IntakeDefaults {
  readonly settings: DatasetSettings;
  readonly run: RunSettings;
  /** [DATASET_NAME] The dataset of ZIPs that were put under landing/ by hand. */
  readonly datasetName: string | undefined;
}

export function intakeDefaults({ environment, settings }: Configuration): IntakeDefaults {
  return { settings: settings.dataset, run: settings.run, datasetName: environment.datasetName };
}

const isZip = (key: string) => key.startsWith(landingPrefix) && /\.zip$/i.test(key);

/** Turns uploads under landing/ into runs, whoever tells of them: a page, a script, S3 or the sweep. */
export class Intake {
  constructor(
    readonly client: CuratorClient,
    readonly defaults: IntakeDefaults,
  ) {}

  /**
   * Starts the run of an upload that its sender announces, or answers the one that it has.
   * @throws NoUploadError where nothing lies there, UsageError where the settings contradict each other
   */
  async notify(request: {
    key: string;
    dataset: string;
    settings: UploadRequest['settings'];
  }): Promise<StartedRun> {
    const { key, dataset } = request;
    const head = await this.client.store.head(this.client.bucket, key);
    if (!head) throw new NoUploadError(`There is no upload at ${key}.`);
    const requested = await this.requestOf(key);
    const settings = this.settings({ ...requested?.settings, ...request.settings });
    await this.writeRequest(key, { ...requested, dataset, settings });
    return await this.start(key, head, dataset, settings);
  }

  /** What S3 says of an object is checked against the object itself. */
  async hear({ bucket, keys, created }: S3Event): Promise<Announced> {
    const [first = ''] = keys;
    if (bucket !== this.client.bucket) return ignored(first, `The bucket here is ${this.client.bucket}.`);
    if (!created) return ignored(first, 'Nothing was created.');
    for (const key of keys.filter(isZip)) {
      const head = await this.client.store.head(bucket, key);
      if (head) return await this.announce(key, head);
    }
    return ignored(first, keys.some(isZip) ? 'There is no such object now.' : 'Not a ZIP under landing/.');
  }

  /**
   * Starts every ZIP under landing/ that is older than `graceMs` and that no ledger knows, the oldest first, so
   * that the newest has the last word.
   */
  async sweep(options: { graceMs: number; signal: AbortSignal }): Promise<Announced[]> {
    const { store, bucket } = this.client;
    const before = Date.now() - options.graceMs;
    const zips: ListedObject[] = [];
    for await (const object of store.list(bucket, landingPrefix, options)) {
      if (isZip(object.key) && object.modified.getTime() <= before) zips.push(object);
    }
    zips.sort((a, b) => a.modified.getTime() - b.modified.getTime() || byCodePoint(a.key, b.key));
    const ledgers = new Map<string, Promise<Set<string>>>();
    const announced: Announced[] = [];
    for (const zip of zips) {
      options.signal.throwIfAborted();
      // Only a guess that spares reading what most likely is known; `announce` looks closely.
      const folder = zip.key.split('/')[1] ?? '';
      const dataset =
        isDatasetName(folder) && !isZip(`${landingPrefix}${folder}`) ? folder : this.defaults.datasetName;
      if (dataset !== undefined) {
        const ledger = ledgers.get(dataset) ?? this.ledgerOf(dataset);
        ledgers.set(dataset, ledger);
        if ((await ledger).has(uploadSha256({ bucket, ...zip }))) continue;
      }
      announced.push(await this.announce(zip.key, zip));
    }
    return announced;
  }

  /** `request.json` beside an upload says what it is for, so that an event or a sweep that finds it knows. */
  async writeRequest(key: string, request: UploadRequest): Promise<void> {
    // A ZIP that somebody put straight under landing/<dataset>/ has no folder of its own.
    if (key.split('/').length < 4) return;
    await putRequest(this.client.store, this.client.bucket, requestKeyBeside(key), request);
  }

  async requestOf(key: string): Promise<UploadRequest | undefined> {
    return await this.client.store.findJson(this.client.bucket, requestKeyBeside(key), requestSchema);
  }

  private async announce(key: string, object: Omit<ObjectInfo, 'metadata'>): Promise<Announced> {
    if (object.bytes === 0) return ignored(key, 'It is empty.');
    try {
      const requested = await this.requestOf(key);
      const dataset = requested?.dataset ?? this.defaults.datasetName;
      if (dataset === undefined)
        return ignored(key, 'No request.json lies beside it, and DATASET_NAME is not set.');
      if (!isDatasetName(dataset)) return ignored(key, `request.json: ${invalidDatasetName(dataset)}`);
      const newer = await this.newerThan(key, object, dataset);
      if (newer !== undefined) return ignored(key, `${newer} is newer and was ingested.`);
      const { started, workflowId, runId } = await this.start(
        key,
        object,
        dataset,
        this.settings(requested?.settings),
      );
      return { key, outcome: started ? 'started' : 'known', dataset, workflowId, runId };
    } catch (error) {
      if (error instanceof RefusedError) return { key, outcome: 'deferred', reason: error.message };
      if (error instanceof MalformedError || error instanceof UsageError) return ignored(key, error.message);
      throw error;
    }
  }

  /** An event that comes late must not put an old archive over a newer one, even if nobody told of the old one then. */
  private async newerThan(key: string, object: Omit<ObjectInfo, 'metadata'>, dataset: string) {
    const { store, bucket } = this.client;
    const ledger = await this.ledgerOf(dataset);
    if (ledger.has(uploadSha256({ bucket, key, etag: object.etag }))) return undefined;
    const own = `${landingPrefix}${dataset}/`;
    for await (const other of store.list(bucket, key.startsWith(own) ? own : landingPrefix)) {
      if (other.modified > object.modified && ledger.has(uploadSha256({ bucket, ...other })))
        return other.key;
    }
    return undefined;
  }

  /** SHA-256 of the uploads that the dataset's ledger knows. */
  private async ledgerOf(dataset: string): Promise<Set<string>> {
    const known = new Set<string>();
    const prefix = ledgerPrefix(dataset);
    for await (const { key } of this.client.store.list(this.client.bucket, prefix)) {
      known.add(key.slice(prefix.length).replace(/\.json$/, ''));
    }
    return known;
  }

  private async start(
    key: string,
    { etag, bytes }: Pick<ObjectInfo, 'etag' | 'bytes'>,
    dataset: string,
    settings: DatasetSettings,
  ): Promise<StartedRun> {
    const upload: Upload = { bucket: this.client.bucket, key, etag, bytes };
    return await this.client.startIngest({
      dataset,
      upload,
      settings,
      run: this.defaults.run,
      trigger: 'event',
    });
  }

  private settings(wanted: UploadRequest['settings'] = {}): DatasetSettings {
    const settings: DatasetSettings = Object.assign({}, this.defaults.settings, wanted);
    const [contradiction] = contradictions(settings);
    if (contradiction) throw new UsageError(`${contradiction}.`);
    return settings;
  }
}

function ignored(key: string, reason: string): Announced {
  return { key, outcome: 'ignored', reason };
}
