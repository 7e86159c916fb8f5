import type { CrossValidateInput } from '../contracts/workflow-io.js';
import { crossValidation } from './activities.js';

/**
 * Cross-validates a dataset version with the local detector: which classes gain from more photos, and which labels are
 * doubtful. Cancelling ends it without a result.
 */
export async function crossValidate(input: CrossValidateInput): Promise<void> {
  await crossValidation('Fit the local detector on parts of the images').crossValidateVersion(input);
}
