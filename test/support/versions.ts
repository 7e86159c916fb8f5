import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { createActivities, createImageActivities } from '../../src/activities/index.js';
import type { Validation } from '../../src/activities/interface.js';
import type { DatasetSettings } from '../../src/dataset/model/settings.js';
import { ingestInput, SMALL_DATASET, type TestPipeline } from './pipeline.js';

/** Runs the activities from inspection to publishing on an archive, without workflows. Rejects if one of them fails. */
export async function makeVersion(
  pipeline: TestPipeline,
  dataset: string,
  archive: Buffer,
  settings: DatasetSettings = SMALL_DATASET,
): Promise<Validation & { readonly version: string }> {
  const upload = await pipeline.upload(dataset, archive);
  const { bucket } = upload;
  const activities = createActivities(pipeline.deps);
  const { preprocessBatch } = createImageActivities(pipeline.deps);
  const run = async <A extends object, R>(activity: (input: A) => Promise<R>, input: A): Promise<R> =>
    await new MockActivityEnvironment({}, { logger: new DefaultLogger('ERROR') }).run(activity, input);

  const { version, batches } = await run(
    activities.inspectArchive,
    ingestInput(dataset, upload, { settings }),
  );
  const ref = { bucket, dataset, version };
  const reused = await run(activities.reuseResults, { ...ref, batches, settings });
  if (reused.batches < batches) {
    for (let batch = 0; batch < batches; batch++)
      await run(preprocessBatch, { ...ref, upload, settings, batch });
  }
  await run(activities.markReady, { ...ref, batches });
  await run(activities.convertManifest, {
    ...{ ...ref, batches, settings },
    manifestAccess: 'private' as const,
    trainingAttempt: 1,
  });
  const validation = await run(activities.validateDataset, { ...ref, settings });
  await run(activities.publishManifests, { ...ref, manifestAccess: 'private' as const });
  return { ...validation, version };
}
