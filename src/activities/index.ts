import { atBoundary } from './boundary.js';
import { createCloseRun } from './close-run.js';
import { createConvertManifest } from './convert-manifest.js';
import { createCrossValidateVersion } from './cross-validate-version.js';
import type { ActivityDeps } from './deps.js';
import { createInspectArchive } from './inspect-archive.js';
import type { Activities, ImageActivities } from './interface.js';
import { createMarkReady } from './mark-ready.js';
import { createOpenRun } from './open-run.js';
import { createPreprocessBatch } from './preprocess-batch.js';
import { createPublishManifests } from './publish-manifests.js';
import { createReuseResults } from './reuse-results.js';
import { createSweepLanding } from './sweep-landing.js';
import { createAwaitTraining } from './training/await-training.js';
import { createCollectEvaluation } from './training/collect-evaluation.js';
import { createCollectValidation } from './training/collect-validation.js';
import { createCreateModelVersion } from './training/create-model-version.js';
import { createDescribeTrainer } from './training/describe-trainer.js';
import { createFindModelVersion } from './training/find-model-version.js';
import { createJoinTraining } from './training/join-training.js';
import { createStopModelVersion } from './training/stop-model-version.js';
import { createWriteModelCard } from './training/write-model-card.js';
import { createValidateDataset } from './validate-dataset.js';

export type { ActivityDeps } from './deps.js';

/** Creates the activities of the task queue `curator`. */
export function createActivities(deps: ActivityDeps): Omit<Activities, keyof ImageActivities> {
  return atBoundary(
    {
      crossValidateVersion: createCrossValidateVersion(deps),
      openRun: createOpenRun(deps),
      closeRun: createCloseRun(deps),
      inspectArchive: createInspectArchive(deps),
      reuseResults: createReuseResults(deps),
      markReady: createMarkReady(deps),
      convertManifest: createConvertManifest(deps),
      validateDataset: createValidateDataset(deps),
      publishManifests: createPublishManifests(deps),
      describeTrainer: createDescribeTrainer(deps),
      createModelVersion: createCreateModelVersion(deps),
      findModelVersion: createFindModelVersion(deps),
      awaitTraining: createAwaitTraining(deps),
      collectEvaluation: createCollectEvaluation(deps),
      collectValidation: createCollectValidation(deps),
      writeModelCard: createWriteModelCard(deps),
      joinTraining: createJoinTraining(deps),
      stopModelVersion: createStopModelVersion(deps),
      sweepLanding: createSweepLanding(deps),
    },
    deps.shutdown,
    deps.metrics.errors,
  );
}

/** Creates the activities of the task queue `curator-images`. */
export function createImageActivities(deps: ActivityDeps): ImageActivities {
  return atBoundary({ preprocessBatch: createPreprocessBatch(deps) }, deps.shutdown, deps.metrics.errors);
}
