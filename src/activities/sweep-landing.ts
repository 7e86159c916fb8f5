import { getClient } from '@temporalio/activity';
import { CuratorClient } from '../client/curator-client.js';
import { type Announced, Intake } from '../intake/intake.js';
import { stopSignal } from './boundary.js';
import type { ActivityDeps } from './deps.js';
import { whileHeartbeating } from './heartbeat.js';
import type { SweepActivities } from './interface.js';

/** Keys named in a workflow's payload. */
const MAX_LISTED = 20;

export function createSweepLanding({
  store,
  intake: defaults,
  shutdown,
}: ActivityDeps): SweepActivities['sweepLanding'] {
  return async ({ bucket, graceSecs }) =>
    await whileHeartbeating(async () => {
      const intake = new Intake(new CuratorClient(getClient(), store, bucket), defaults);
      const announced = await intake.sweep({ graceMs: graceSecs * 1000, signal: stopSignal(shutdown) });
      const of = (outcome: Announced['outcome']) => announced.filter((one) => one.outcome === outcome);
      const started = of('started');
      return {
        started: { count: started.length, keys: started.slice(0, MAX_LISTED).map(({ key }) => key) },
        deferred: { count: of('deferred').length, reasons: reasons(of('deferred')) },
        ignored: { count: of('ignored').length, reasons: reasons(of('ignored')) },
      };
    });
}

function reasons(announced: readonly Announced[]): string[] {
  return announced
    .slice(0, MAX_LISTED)
    .map((one) => ('reason' in one ? `${one.key}: ${one.reason}` : one.key));
}
