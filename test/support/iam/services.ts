import type { EmulatorOptions } from '../../../src/emulator/emulator.js';
import { startTestEmulator, type TestEmulator } from '../emulator.js';
import type { TestS3 } from '../servers.js';
import { withTestServers } from '../services.js';
import { documentedGrants, type Grant, type PolicyName, type Replaced } from './policies.js';
import { type IamProxy, startIamProxy } from './proxy.js';

/** Account in the ARNs of the emulator. */
const ACCOUNT = '000000000000';
/** A bucket that is not Curator's, with archives to ingest. */
export const SOURCE_BUCKET = 'iam-exports';

/** S3, Temporal and the emulator behind a proxy that enforces the policies of docs/aws.md. */
export interface IamServices {
  /** A temporary folder, which is also CURATOR_HOME. */
  readonly home: string;
  readonly s3: TestS3;
  readonly emulator: TestEmulator;
  readonly proxy: IamProxy;
  /** Environment variables of a command whose credentials have these policies. */
  env(caller: string, ...policies: PolicyName[]): Promise<Record<string, string>>;
  /** Environment variables of a command whose credentials have these permissions. */
  envWith(caller: string, grants: readonly Grant[]): Promise<Record<string, string>>;
  /** What a documented policy allows in this bucket; restricted to the projects of `datasets` if given. */
  grants(policy: PolicyName, datasets?: readonly string[]): Grant[];
  /** The names of this bucket and account; no restriction to datasets. */
  readonly replaced: Replaced;
  stop(): Promise<void>;
}

interface IamOptions {
  /** The datasets whose projects the policies allow; absent for all projects. */
  readonly datasets?: readonly string[];
  readonly emulator?: Partial<EmulatorOptions>;
  /** Whether the emulator passes for AWS, so that trainings count as paid. */
  readonly isPaid?: boolean;
}

/** Starts the services. The emulator reads and writes S3 with the worker's permissions, as Rekognition does. */
export async function startIamServices({
  datasets,
  emulator: options = {},
  isPaid = false,
}: IamOptions = {}): Promise<IamServices> {
  return await withTestServers(async ({ home, s3, temporal }, started) => {
    let rekognition = '';
    const targets = { s3: s3.endpoint, rekognition: () => rekognition, hidesEmulator: isPaid };
    const proxy = started(await startIamProxy(targets));
    const replaced = { bucket: s3.bucket, source: SOURCE_BUCKET, account: ACCOUNT };
    const grants = (policy: PolicyName, allowed = datasets) =>
      documentedGrants(policy, { ...replaced, ...(allowed ? { datasets: allowed } : {}) });
    const service = await proxy.caller('rekognition', grants('worker'));
    const emulator = started(await startTestEmulator({ ...s3.env, AWS_ENDPOINT_URL_S3: service }, options));
    rekognition = emulator.emulator.endpoint;
    const envWith = async (caller: string, allowed: readonly Grant[]) => {
      const endpoint = await proxy.caller(caller, allowed);
      return {
        ...s3.env,
        AWS_ENDPOINT_URL_S3: endpoint,
        AWS_ENDPOINT_URL_REKOGNITION: endpoint,
        TEMPORAL_ADDRESS: temporal.address,
        CURATOR_HOME: home,
      };
    };
    const env = async (caller: string, ...policies: PolicyName[]) =>
      await envWith(
        caller,
        policies.flatMap((policy) => grants(policy)),
      );
    return { emulator, proxy, env, envWith, grants, replaced };
  });
}
