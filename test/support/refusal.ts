import { DatasetError } from '../../src/dataset/model/errors.js';

/** The refusal that `act` throws. Other errors pass, and a call that throws nothing fails the test. */
export function refusalOf(act: () => unknown): DatasetError {
  try {
    act();
  } catch (error) {
    if (error instanceof DatasetError) return error;
    throw error;
  }
  throw new Error('Nothing was refused.');
}
