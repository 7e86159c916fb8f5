import type { ManifestValidation, ServiceValidation } from '../contracts/service-validation.js';

const NOTHING: ManifestValidation = { lines: null, errors: [], reported: 0, codes: [], examples: [] };

/** The validation of a training whose results could not be read, with the reason. */
export function withoutResults(problem: string): ServiceValidation {
  return { training: NOTHING, testing: NOTHING, errors: [], problem };
}
