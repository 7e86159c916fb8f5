import type { CuratorClient } from '../client/curator-client.js';
import { NoUploadError, RefusedError, UnavailableError } from '../client/errors.js';
import type { StartedRun } from '../client/requests.js';
import type { Configuration } from '../config/configuration.js';
import { contradictions } from '../config/read-settings.js';
import type { RunSettings, Upload } from '../contracts/workflow-io.js';
import { invalidDatasetName, isDatasetName, uploadSha256 } from '../dataset/model/identity.js';
import { landingPrefix, requestKeyBeside } from '../dataset/model/layout.js';
import type { DatasetSettings } from '../dataset/model/settings.js';
import { byCodePoint } from '../lib/order.js';
import { UsageError } from '../lib/usage-error.js';
import { MalformedError } from '../storage/errors.js';
import { SMALL_JSON_BYTES } from '../storage/json.js';
import { isPlainKey } from '../storage/keys.js';
import type { ListedObject, ObjectInfo } from '../storage/object-store.js';
import { markRefused, putRequest, requestSchema, type UploadRequest, wasRefused } from './landing.js';
import { ledgerOf } from './refused-uploads.js';
import type { S3Event } from './s3-events.js';

/** What intake did with an object that an event reported or the sweep found. */
export type IntakeResult = { readonly key: string } & (
  | {
      readonly outcome: 'started' | 'known';
      readonly dataset: string;
      readonly workflowId: string;
      readonly runId: string;
    }
  /** `deferred`: another upload of the dataset is being ingested; a later sweep starts this one. */
  | { readonly outcome: 'deferred' | 'ignored'; readonly reason: string }
);

/** Settings for uploads without a request.json. */
export interface IntakeDefaults {
  readonly settings: DatasetSettings;
  readonly run: RunSettings;
  /** [DATASET_NAME] The dataset of ZIPs that were put under landing/ without a request.json. */
  readonly datasetName: string | undefined;
}

export function intakeDefaults({ environment, settings }: Configuration): IntakeDefaults {
  return { settings: settings.dataset, run: settings.run, datasetName: environment.datasetName };
}

/** Whether a key can be that of an upload. The other objects under landing/ are requests and folders. */
const isZip = (key: string) => key.startsWith(landingPrefix) && /\.zip$/i.test(key) && isPlainKey(key);

/** Starts runs for uploads under landing/, announced by the page, a script or S3, or found by the sweep. */
export class Intake {
  constructor(
    readonly client: CuratorClient,
    readonly defaults: IntakeDefaults,
  ) {}

  /**
   * Starts the run of an upload that its sender announces; returns the existing run of a known upload.
   *
   * @throws NoUploadError if there is no object at `key`, UsageError if it is not the key of a ZIP or the settings
   * contradict each other, RefusedError if another upload of the dataset is being ingested: this one is then not started
   * later either; UnavailableError if Temporal does not respond
   */
  async notify(request: {
    key: string;
    dataset: string;
    settings: UploadRequest['settings'];
  }): Promise<StartedRun> {
    const { key, dataset } = request;
    if (!isZip(key)) {
      throw new UsageError(
        `${JSON.stringify(key)} cannot be an upload: name a ZIP under ${landingPrefix} whose key has no control characters, backslashes, empty segments, . or .. segments.`,
      );
    }
    const head = await this.client.store.head(this.client.bucket, key);
    if (!head) throw new NoUploadError(`No upload found at ${key}.`);
    const requested = await this.requestOf(key);
    const settings = this.settings({ ...requested?.settings, ...request.settings });
    await this.writeRequest(key, { ...requested, dataset, settings });
    try {
      return await this.start(key, head, dataset, settings);
    } catch (error) {
      if (error instanceof RefusedError) await markRefused(this.client.store, this.uploadAt(key, head));
      throw error;
    }
  }

  /**
   * Checks that an upload of the dataset could be started now. While Temporal does not respond, every upload may be sent:
   * the sweep starts it.
   *
   * @throws RefusedError if another upload of the dataset is being ingested
   */
  async assertWelcome(dataset: string): Promise<void> {
    try {
      await this.client.assertIdle(dataset);
    } catch (error) {
      if (!(error instanceof UnavailableError)) throw error;
    }
  }

  /** Handles an event of S3. The event is only a hint: the object itself is checked. */
  async onEvent({ bucket, keys, created }: S3Event): Promise<IntakeResult> {
    const [first = ''] = keys;
    if (bucket !== this.client.bucket)
      return ignored(first, `The event is for another bucket than ${this.client.bucket}.`);
    if (!created) return ignored(first, 'The event does not report a new object.');
    for (const key of keys.filter(isZip)) {
      const head = await this.client.store.head(bucket, key);
      if (head) return await this.startFound(key, head);
    }
    return ignored(first, keys.some(isZip) ? 'The object does not exist.' : 'Not a ZIP under landing/.');
  }

  /**
   * Starts runs for all ZIPs under landing/ that are older than `graceMs` milliseconds and in no ledger. The oldest is
   * started first, so that the newest upload of a dataset decides its latest version.
   */
  async sweep(options: { graceMs: number; signal: AbortSignal }): Promise<IntakeResult[]> {
    const { store, bucket } = this.client;
    const before = Date.now() - options.graceMs;
    const zips: ListedObject[] = [];
    for await (const object of store.list(bucket, landingPrefix, options)) {
      if (isZip(object.key) && object.modified.getTime() <= before) zips.push(object);
    }
    zips.sort((a, b) => a.modified.getTime() - b.modified.getTime() || byCodePoint(a.key, b.key));
    const ledgers = new Map<string, Promise<Set<string>>>();
    const results: IntakeResult[] = [];
    for (const zip of zips) {
      options.signal.throwIfAborted();
      // A guess that skips most known uploads without a read; `startFound` checks the others.
      const folder = zip.key.split('/')[1] ?? '';
      const dataset =
        isDatasetName(folder) && !isZip(`${landingPrefix}${folder}`) ? folder : this.defaults.datasetName;
      if (dataset !== undefined) {
        const ledger = ledgers.get(dataset) ?? ledgerOf(store, bucket, dataset);
        ledgers.set(dataset, ledger);
        if ((await ledger).has(uploadSha256({ bucket, ...zip }))) continue;
      }
      results.push(await this.startFound(zip.key, zip));
    }
    return results;
  }

  /** Writes the request.json of an upload, so that an event or a sweep knows its dataset and settings. */
  async writeRequest(key: string, request: UploadRequest): Promise<void> {
    // A ZIP directly under landing/<dataset>/ shares its folder with others, so it has no request.json.
    if (key.split('/').length < 4) return;
    await putRequest(this.client.store, this.client.bucket, requestKeyBeside(key), request);
  }

  /** Reads the request.json of an upload; undefined if it has none. */
  async requestOf(key: string): Promise<UploadRequest | undefined> {
    return await this.client.store.findJson(this.client.bucket, requestKeyBeside(key), requestSchema, {
      maxBytes: SMALL_JSON_BYTES,
    });
  }

  /** The settings of an upload: those of its request.json, and the defaults for others. */
  async settingsBeside(key: string): Promise<DatasetSettings> {
    return this.settings((await this.requestOf(key))?.settings);
  }

  private async startFound(key: string, object: Omit<ObjectInfo, 'metadata'>): Promise<IntakeResult> {
    if (object.bytes === 0) return ignored(key, 'The object is empty.');
    try {
      const requested = await this.requestOf(key);
      const dataset = requested?.dataset ?? this.defaults.datasetName;
      if (dataset === undefined) return ignored(key, 'It has no request.json, and DATASET_NAME is not set.');
      if (!isDatasetName(dataset)) return ignored(key, `request.json: ${invalidDatasetName(dataset)}`);
      if (await wasRefused(this.client.store, this.uploadAt(key, object)))
        return ignored(key, 'It was refused when its sender announced it.');
      const newer = await this.newerThan(key, object, dataset);
      if (newer !== undefined) return ignored(key, `The newer upload ${newer} was already ingested.`);
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

  /**
   * Returns the key of a newer upload that the ledger lists; undefined if there is none, or if this upload is listed.
   * A late event must not replace a newer archive by an older one.
   */
  private async newerThan(key: string, object: Omit<ObjectInfo, 'metadata'>, dataset: string) {
    const { store, bucket } = this.client;
    const ledger = await ledgerOf(store, bucket, dataset);
    if (ledger.has(uploadSha256({ bucket, key, etag: object.etag }))) return undefined;
    const own = `${landingPrefix}${dataset}/`;
    for await (const other of store.list(bucket, key.startsWith(own) ? own : landingPrefix)) {
      if (other.modified > object.modified && ledger.has(uploadSha256({ bucket, ...other })))
        return other.key;
    }
    return undefined;
  }

  private async start(
    key: string,
    object: Pick<ObjectInfo, 'etag' | 'bytes'>,
    dataset: string,
    settings: DatasetSettings,
  ): Promise<StartedRun> {
    const upload = this.uploadAt(key, object);
    return await this.client.startIngest({
      dataset,
      upload,
      settings,
      run: this.defaults.run,
      trigger: 'event',
    });
  }

  private uploadAt(key: string, { etag, bytes }: Pick<ObjectInfo, 'etag' | 'bytes'>): Upload {
    return { bucket: this.client.bucket, key, etag, bytes };
  }

  /** The defaults with the wanted settings. @throws UsageError if settings contradict each other */
  settings(wanted: UploadRequest['settings'] = {}): DatasetSettings {
    const settings: DatasetSettings = Object.assign({}, this.defaults.settings, wanted);
    const [contradiction] = contradictions(settings, this.defaults.run);
    if (contradiction) throw new UsageError(`${contradiction}.`);
    return settings;
  }
}

function ignored(key: string, reason: string): IntakeResult {
  return { key, outcome: 'ignored', reason };
}
