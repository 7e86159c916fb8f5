import type { SweepInput, SweepResult } from '../contracts/workflow-io.js';
import { sweep } from './activities.js';

/** Starts runs for unannounced uploads under landing/. The schedule `curator-sweep` runs it, one at a time. */
export async function sweepLanding(input: SweepInput): Promise<SweepResult> {
  return await sweep('Scan landing/ for unannounced uploads').sweepLanding(input);
}
