import { createHash } from 'node:crypto';
import { isServiceCode, type ServiceCode } from '../custom-labels/rules.js';
import { type ExceptionCode, ServiceException } from './errors.js';

/** Faults of calls, each with the share of calls that it strikes. */
const CALL_FAULTS = {
  throttle: 'ThrottlingException',
  overload: 'ProvisionedThroughputExceededException',
  error: 'InternalServerError',
  quota: 'ServiceQuotaExceededException',
} as const satisfies Record<string, ExceptionCode>;
type CallFault = keyof typeof CALL_FAULTS;

/** Faults of what runs for a while: a share, or the code that it is to fail with. */
const JOB_FAULTS = ['fail-training', 'fail-dataset', 'fail-start'] as const;
type JobFault = (typeof JOB_FAULTS)[number];

export const SERVICE_ISSUE = 'service-issue';
export type JobFailure = ServiceCode | typeof SERVICE_ISSUE;

export interface ChaosSettings {
  readonly shares: Readonly<Partial<Record<CallFault | JobFault, number>>>;
  readonly codes: Readonly<Partial<Record<JobFault, ServiceCode>>>;
}

export const NO_CHAOS: ChaosSettings = { shares: {}, codes: {} };

/**
 * Reads `throttle=0.2,error=0.05,fail-training=ERROR_FAILED_IMAGES_S3_COPY`.
 * @throws Error that says what is wrong
 */
export function parseChaos(text: string): ChaosSettings {
  const shares: Partial<Record<CallFault | JobFault, number>> = {};
  const codes: Partial<Record<JobFault, ServiceCode>> = {};
  for (const item of text.split(',')) {
    const [, name = '', value = ''] = /^\s*([a-z-]+)=([\w.]+)\s*$/.exec(item) ?? [];
    const share = value === '' ? Number.NaN : Number(value);
    if (!isCallFault(name) && !isJobFault(name)) {
      const known = [...Object.keys(CALL_FAULTS), ...JOB_FAULTS].join(', ');
      throw new Error(`"${item.trim()}" is no fault; write name=share with one of ${known}.`);
    }
    if (share >= 0 && share <= 1) shares[name] = share;
    else if (isJobFault(name) && name !== 'fail-start' && isServiceCode(value)) codes[name] = value;
    else throw new Error(`${name}=${value} is neither a share from 0 to 1 nor a code of the service.`);
  }
  return { shares, codes };
}

/** Faults as they were asked for, the same ones for the same seed and the same calls. */
export class Chaos {
  private calls = 0;
  private jobs = 0;

  constructor(
    private readonly settings: ChaosSettings,
    private readonly seed: number,
  ) {}

  /** Runs a call, or has it fail: before it does anything, or, as half of the errors do, after it did everything. */
  async around<T>(operation: string, run: () => Promise<T> | T): Promise<T> {
    const call = this.calls++;
    for (const fault of Object.keys(CALL_FAULTS).filter(isCallFault)) {
      if (fault === 'quota' && operation !== 'CreateProjectVersion') continue;
      if (!this.strikes(fault, `${call}`)) continue;
      if (fault === 'error' && this.draw('after', `${call}`) < 0.5) await run();
      throw new ServiceException(CALL_FAULTS[fault]);
    }
    return await run();
  }

  /** How work fails; undefined where it doesn't. What has a name fares the same after a restart. */
  jobFailure(fault: JobFault, name = `${this.jobs++}`): JobFailure | undefined {
    return this.settings.codes[fault] ?? (this.strikes(fault, name) ? SERVICE_ISSUE : undefined);
  }

  private strikes(fault: CallFault | JobFault, name: string): boolean {
    return this.draw(fault, name) < (this.settings.shares[fault] ?? 0);
  }

  /** 0 to 1. */
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
