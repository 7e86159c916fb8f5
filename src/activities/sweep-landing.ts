import { getClient } from '@temporalio/activity';
import { CuratorClient } from '../client/curator-client.js';
import { Intake, type IntakeResult } from '../intake/intake.js';
import { stopSignal } from './boundary.js';
import type { ActivityDeps } from './deps.js';
import { whileHeartbeating } from './heartbeat.js';
import type { SweepActivities } from './interface.js';
import { MAX_LISTED_KEYS } from './payload-limits.js';

export function createSweepLanding({
  store,
  intake: defaults,
  shutdown,
}: ActivityDeps): SweepActivities['sweepLanding'] {
  return async ({ bucket, graceSecs }) =>
    await whileHeartbeating(async () => {
      const intake = new Intake(new CuratorClient(getClient(), store, bucket), defaults);
      const results = await intake.sweep({ graceMs: graceSecs * 1000, signal: stopSignal(shutdown) });
      const of = (outcome: IntakeResult['outcome']) => results.filter((result) => result.outcome === outcome);
      const started = of('started');
      return {
        started: { count: started.length, keys: started.slice(0, MAX_LISTED_KEYS).map(({ key }) => key) },
        deferred: { count: of('deferred').length, reasons: reasons(of('deferred')) },
        ignored: { count: of('ignored').length, reasons: reasons(of('ignored')) },
      };
    });
}

function reasons(results: readonly IntakeResult[]): string[] {
  return results
    .slice(0, MAX_LISTED_KEYS)
    .map((result) => ('reason' in result ? `${result.key}: ${result.reason}` : result.key));
}
