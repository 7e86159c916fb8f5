import type { SweepInput, SweepResult } from '../contracts/workflow-io.js';
import { sweep } from './activities.js';

/** Starts what lies under landing/ and nobody told of. A schedule runs it, never two at a time. */
export async function sweepLanding(input: SweepInput): Promise<SweepResult> {
  return await sweep('looks for uploads that no ledger knows').sweepLanding(input);
}
