import { errorMessage } from '../lib/error-message.js';
import { StorageError } from '../storage/storage-error.js';
import { TrainingError } from '../training/errors.js';

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

/**
 * Runs a check. `work` returns the detail of a passed check or a whole check; an error means `missing`.
 * @param remedy what to do about an error that does not say so itself
 */
export async function checked(
  check: string,
  remedy: string,
  work: () => Promise<string | Check>,
): Promise<Check> {
  try {
    const result = await work();
    return typeof result === 'string' ? ok(check, result) : result;
  } catch (error) {
    return { check, status: 'missing', ...explained(error, remedy) };
  }
}

function explained(error: unknown, remedy: string): Pick<Check, 'detail' | 'remedy'> {
  const isAdvised = error instanceof StorageError || error instanceof TrainingError;
  if (isAdvised && error.advice !== undefined) return { detail: error.problem, remedy: error.advice };
  return { detail: errorMessage(error), remedy };
}
