import type { ServiceValidation } from '../../contracts/service-validation.js';
import { reportedSets } from '../../custom-labels/validation-text.js';
import { StorageError } from '../../storage/errors.js';
import { readServiceValidation } from '../../training/service-validation.js';
import { stopSignal } from '../boundary.js';
import type { ActivityDeps } from '../deps.js';
import { whileHeartbeating } from '../heartbeat.js';
import type { TrainingActivities } from '../interface.js';
import { addToReport } from '../write-report.js';

export function createCollectValidation({
  store,
  trainer,
  shutdown,
}: ActivityDeps): TrainingActivities['collectValidation'] {
  return async ({ projectVersionArn, bucket, dataset, version, settings }) =>
    await whileHeartbeating(async () => {
      const signal = stopSignal(shutdown);
      const described = await trainer.describeVersion({ projectVersionArn });
      const validation = await readServiceValidation(store, described, signal);
      if (reportedSets(validation).length === 0) return validation;
      try {
        await addToReport(store, { bucket, dataset, version }, settings, validation, signal);
      } catch (error) {
        // The intermediate files of a run, from which the report is written, may have been deleted.
        if (!(error instanceof StorageError && error.isFinal)) throw error;
        return withProblem(validation, `report.html does not show these results: ${error.message}`);
      }
      return validation;
    });
}

function withProblem(validation: ServiceValidation, problem: string): ServiceValidation {
  return {
    ...validation,
    problem: validation.problem === null ? problem : `${validation.problem} ${problem}`,
  };
}
