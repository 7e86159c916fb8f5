import { createHash } from 'node:crypto';
import { isServiceCode, type ServiceCode } from '../custom-labels/rules.js';
import { type ExceptionCode, ServiceException } from './errors.js';

/** Exceptions that API calls fail with, by the fault's name in `--chaos`. */
const CALL_FAULTS = {
  throttle: 'ThrottlingException',
  overload: 'ProvisionedThroughputExceededException',
  error: 'InternalServerError',
  quota: 'ServiceQuotaExceededException',
  limit: 'LimitExceededException',
  expired: 'ExpiredTokenException',
} as const satisfies Record<string, ExceptionCode>;
type CallFault = keyof typeof CALL_FAULTS;
/** The operations that a fault is limited to; the other faults apply to all operations. */
const FAULTY_OPERATIONS: Readonly<Partial<Record<CallFault, readonly string[]>>> = {
  quota: ['CreateProjectVersion', 'CopyProjectVersion'],
  expired: ['DescribeProjectVersions'],
  limit: [
    'CreateProject',
    'CreateDataset',
    'CreateProjectVersion',
    'CopyProjectVersion',
    'StartProjectVersion',
  ],
};

/** Faults of asynchronous jobs (training, dataset import, model start), set to a share of jobs. */
const JOB_FAULTS = ['fail-training', 'fail-dataset', 'fail-start', 'open-console'] as const;
type JobFault = (typeof JOB_FAULTS)[number];
/** Faults that can also be set to an error code. */
const CODED_FAULTS: ReadonlySet<string> = new Set<JobFault>(['fail-training', 'fail-dataset']);

export const SERVICE_ISSUE = 'service-issue';
export type JobFailure = ServiceCode | typeof SERVICE_ISSUE;

export interface ChaosSettings {
  readonly shares: Readonly<Partial<Record<CallFault | JobFault, number>>>;
  readonly codes: Readonly<Partial<Record<JobFault, ServiceCode>>>;
}

export const NO_CHAOS: ChaosSettings = { shares: {}, codes: {} };

/**
 * Parses the value of `--chaos`, such as `throttle=0.2,error=0.05,fail-training=ERROR_FAILED_IMAGES_S3_COPY`.
 * @throws Error that names the wrong item and what is expected
 */
export function parseChaos(text: string): ChaosSettings {
  const shares: Partial<Record<CallFault | JobFault, number>> = {};
  const codes: Partial<Record<JobFault, ServiceCode>> = {};
  for (const item of text.split(',')) {
    const [, name = '', value = ''] = /^\s*([a-z-]+)=([\w.]+)\s*$/.exec(item) ?? [];
    const share = value === '' ? Number.NaN : Number(value);
    if (!isCallFault(name) && !isJobFault(name)) {
      const known = [...Object.keys(CALL_FAULTS), ...JOB_FAULTS].join(', ');
      throw new Error(`"${item.trim()}" is not a fault: use name=share, where name is one of ${known}.`);
    }
    if (share >= 0 && share <= 1) shares[name] = share;
    else if (isJobFault(name) && CODED_FAULTS.has(name) && isServiceCode(value)) codes[name] = value;
    else
      throw new Error(
        `${name}=${value} is not valid: use a share from 0 to 1 or, for fail-training and fail-dataset, an error code of Rekognition.`,
      );
  }
  return { shares, codes };
}

/** Injects the configured faults. The same seed and the same sequence of calls give the same faults. */
export class Chaos {
  private calls = 0;
  private jobs = 0;

  constructor(
    private readonly settings: ChaosSettings,
    private readonly seed: number,
  ) {}

  /**
   * Runs a call, or throws an injected fault instead. About half of the `error` faults are thrown after `run`
   * has finished, as when a response is lost.
   */
  async around<T>(operation: string, run: () => Promise<T> | T): Promise<T> {
    const call = this.calls++;
    for (const fault of Object.keys(CALL_FAULTS).filter(isCallFault)) {
      if (FAULTY_OPERATIONS[fault]?.includes(operation) === false) continue;
      if (!this.strikes(fault, `${call}`)) continue;
      if (fault === 'error' && this.draw('after', `${call}`) < 0.5) await run();
      throw new ServiceException(CALL_FAULTS[fault]);
    }
    return await run();
  }

  /**
   * How a job fails, or undefined if it does not. Jobs with a `name` get the same result again after a restart; others
   * are numbered in the order of the calls.
   */
  jobFailure(fault: JobFault, name = `${this.jobs++}`): JobFailure | undefined {
    return this.settings.codes[fault] ?? (this.strikes(fault, name) ? SERVICE_ISSUE : undefined);
  }

  private strikes(fault: CallFault | JobFault, name: string): boolean {
    return this.draw(fault, name) < (this.settings.shares[fault] ?? 0);
  }

  /** A pseudo-random number, at least 0 and below 1, that depends on the seed, `kind` and `name` only. */
  private draw(kind: string, name: string): number {
    const hash = createHash('sha256').update(`${this.seed}/${kind}/${name}`).digest();
    return hash.readUInt32BE(0) / 2 ** 32;
  }
}

function isCallFault(name: string): name is CallFault {
  return Object.hasOwn(CALL_FAULTS, name);
}

function isJobFault(name: string): name is JobFault {
  return JOB_FAULTS.some((fault) => fault === name);
}
