import type { WorkerOptions } from '@temporalio/worker';
import type { TemporalEnvironment } from '../config/environment.js';
import { UsageError } from '../lib/usage-error.js';

/**
 * The options of a worker that belongs to a version of a deployment. A run stays with the version that started it, so its
 * workflows and activities run on one version of the code. Without a version, any worker continues any run.
 * @throws UsageError if only one of TEMPORAL_DEPLOYMENT_NAME and TEMPORAL_WORKER_BUILD_ID is set
 */
export function workerVersion({
  deploymentName,
  buildId,
}: TemporalEnvironment): Pick<WorkerOptions, 'workerDeploymentOptions'> {
  if (deploymentName === undefined && buildId === undefined) return {};
  if (deploymentName === undefined || buildId === undefined) {
    throw new UsageError(
      'Set both TEMPORAL_DEPLOYMENT_NAME and TEMPORAL_WORKER_BUILD_ID, or neither: together they name the version of a worker.',
    );
  }
  return {
    workerDeploymentOptions: {
      version: { deploymentName, buildId },
      useWorkerVersioning: true,
      defaultVersioningBehavior: 'PINNED',
    },
  };
}
