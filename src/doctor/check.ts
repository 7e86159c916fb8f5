import { errorMessage } from '../lib/error-message.js';
/** A line of what `curator doctor` finds. */
export interface Check {
  readonly check: string;
  /** `missing`: nothing works without it. `warning`: worth knowing. */
  readonly status: 'ok' | 'warning' | 'missing';
  readonly detail: string;
  /** What to do about it; empty where there is nothing to do. */
  readonly remedy: string;
}

export const ok = (check: string, detail: string): Check => ({ check, status: 'ok', detail, remedy: '' });

/** The check that `work` answers, or what its error means for it. */
export async function checked(
  check: string,
  remedy: string,
  work: () => Promise<string | Check>,
): Promise<Check> {
  try {
    const answer = await work();
    return typeof answer === 'string' ? ok(check, answer) : answer;
  } catch (error) {
    return {
      check,
      status: 'missing',
      detail: errorMessage(error),
      remedy,
    };
  }
}
