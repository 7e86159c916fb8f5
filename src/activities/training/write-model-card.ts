import { modelCardKey } from '../../dataset/model/layout.js';
import { s3Uri } from '../../lib/s3-uri.js';
import { modelCard } from '../../training/model-card.js';
import type { ActivityDeps } from '../deps.js';
import { whileHeartbeating } from '../heartbeat.js';
import type { TrainingActivities } from '../interface.js';
import { writeModelReport } from './write-model-report.js';

export function createWriteModelCard({ store }: ActivityDeps): TrainingActivities['writeModelCard'] {
  return async ({
    model,
    version,
    card,
    training,
    evaluation,
    evaluationProblem = null,
    serviceValidation = null,
  }) => {
    const { bucket, dataset } = model;
    const key = modelCardKey(dataset, model.modelVersion);
    const document = modelCard({
      dataset,
      version,
      trainManifest: s3Uri({ bucket, key: model.trainManifestKey }),
      valManifest: s3Uri({ bucket, key: model.valManifestKey }),
      card,
      training,
      evaluation,
      evaluationProblem,
      serviceValidation,
    });
    const text = `${JSON.stringify(document, null, 2)}\n`;
    await whileHeartbeating(async () => {
      await store.putJson(bucket, key, text);
      await writeModelReport(store, bucket, document);
    });
    return key;
  };
}
