import type { RekognitionClient } from '@aws-sdk/client-rekognition';
import { createRekognitionClient } from '../../src/training/client.js';
import type { ModelVersion } from '../../src/training/model-version.js';
import { Trainer } from '../../src/training/trainer.js';
import { awsOf } from '../support/aws.js';
import { NO_S3 } from '../support/emulator.js';

let count = 0;
/** A model version of a dataset that no other test uses. */
export function newModel(): ModelVersion & { outputPrefix: string } {
  const dataset = `dataset-${count++}`;
  return {
    bucket: 'some-bucket',
    dataset,
    modelVersion: '0123456789abcdef-r1',
    trainManifestKey: `datasets/${dataset}/versions/1/train.manifest`,
    valManifestKey: `datasets/${dataset}/versions/1/val.manifest`,
    outputPrefix: `datasets/${dataset}/models/1`,
  };
}

/** What is asked of a trainer before an approval. */
export const plan = ({ dataset }: ModelVersion, images = { train: 9, val: 1 }) => ({ dataset, ...images });

/** A trainer of the service at `endpoint` whose client loses the connection during these operations, before or after they took effect. */
export function unreliable(
  endpoint: string,
  when: 'before' | 'after',
  operations: Partial<Record<string, number>>,
): { trainer: Trainer; client: RekognitionClient } {
  const client = createRekognitionClient(
    awsOf({
      ...NO_S3,
      AWS_ENDPOINT_URL_REKOGNITION: endpoint,
    }),
  );
  client.middlewareStack.add(
    (next, context) => async (args) => {
      const left = operations[context.commandName ?? ''] ?? 0;
      if (left > 0) operations[context.commandName ?? ''] = left - 1;
      if (left > 0 && when === 'before') throw connectionLost();
      const response = await next(args);
      if (left > 0) throw connectionLost();
      return response;
    },
    { step: 'finalizeRequest', priority: 'low', name: 'connectionLoss' },
  );
  return { trainer: new Trainer(client, {}), client };
}

export const connectionLost = () => Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
