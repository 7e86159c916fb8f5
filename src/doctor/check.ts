import { awsErrorMessage } from '../lib/aws-errors.js';

/** The result of one check of `curator doctor`. */
export interface Check {
  readonly check: string;
  /** `missing`: runs fail without it. `warning`: runs work, but attention is needed. */
  readonly status: 'ok' | 'warning' | 'missing';
  readonly detail: string;
  /** What to do; empty if nothing needs to be done. */
  readonly remedy: string;
}

export const ok = (check: string, detail: string): Check => ({ check, status: 'ok', detail, remedy: '' });

/** Runs a check. `work` returns the detail of a passed check or a whole check; an error means `missing`. */
export async function checked(
  check: string,
  remedy: string,
  work: () => Promise<string | Check>,
): Promise<Check> {
  try {
    const result = await work();
    return typeof result === 'string' ? ok(check, result) : result;
  } catch (error) {
    return {
      check,
      status: 'missing',
      detail: awsErrorMessage(error),
      remedy,
    };
  }
}
