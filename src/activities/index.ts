import { atBoundary } from './boundary.js';
import { createConvertManifest } from './convert-manifest.js';
import type { ActivityDeps } from './deps.js';
import { createInspectArchive } from './inspect-archive.js';
import type { Activities, ImageActivities } from './interface.js';
import { createLedgerActivities } from './ledger.js';
import { createMarkReady } from './mark-ready.js';
import { createPreprocessBatch } from './preprocess-batch.js';
import { createPublishManifests } from './publish-manifests.js';
import { createSweepLanding } from './sweep-landing.js';
import { createTrainingActivities } from './training.js';
import { createValidateDataset } from './validate-dataset.js';

export type { ActivityDeps } from './deps.js';

/** The activities of the task queue `curator`. */
export function createActivities(deps: ActivityDeps): Omit<Activities, keyof ImageActivities> {
  return atBoundary(
    {
      ...createLedgerActivities(deps),
      ...createTrainingActivities(deps),
      inspectArchive: createInspectArchive(deps),
      markReady: createMarkReady(deps),
      convertManifest: createConvertManifest(deps),
      validateDataset: createValidateDataset(deps),
      publishManifests: createPublishManifests(deps),
      sweepLanding: createSweepLanding(deps),
    },
    deps.shutdown,
  );
}

/** The activities of the task queue `curator-images`. */
export function createImageActivities(deps: ActivityDeps): ImageActivities {
  return atBoundary({ preprocessBatch: createPreprocessBatch(deps) }, deps.shutdown);
}
