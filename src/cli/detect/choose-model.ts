import type { CuratorClient } from '../../client/curator-client.js';
import { isDatasetName } from '../../dataset/model/identity.js';
import { modelCardKey } from '../../dataset/model/layout.js';
import type { ImageSettings } from '../../dataset/model/settings.js';
import { UsageError } from '../../lib/usage-error.js';
import { latestModelCard } from '../../models/cards.js';
import { imageSettingsOf } from '../../models/image-settings.js';
import { type ModelRef, parseModelArn } from '../../models/model-runner.js';
import { SMALL_JSON_BYTES } from '../../storage/json.js';
import { modelCardSchema } from '../../training/model-card-schema.js';

export interface ChosenModel {
  readonly model: ModelRef;
  /** The settings with which the images of its dataset were preprocessed. */
  readonly imageSettings: ImageSettings;
}

/**
 * The model that an ARN names, or the latest one of a dataset.
 * @throws UsageError if the ARN is invalid or no dataset is named, RefusedError if the dataset has no model
 */
export async function chooseModel(
  { store, bucket }: Pick<CuratorClient, 'store' | 'bucket'>,
  wanted: string,
  dataset: string | undefined,
): Promise<ChosenModel> {
  if (wanted !== 'latest') {
    const model = parseModelArn(wanted);
    if (!model) throw new UsageError(`--model ${wanted}: expected the ARN of a model version, or latest.`);
    const card = isDatasetName(model.dataset)
      ? await store.findJson(bucket, modelCardKey(model.dataset, model.modelVersion), modelCardSchema, {
          maxBytes: SMALL_JSON_BYTES,
        })
      : undefined;
    return { model, imageSettings: imageSettingsOf(card) };
  }
  if (dataset === undefined) {
    throw new UsageError('--model latest: name the dataset with --dataset <name>, or set DATASET_NAME.');
  }
  const latest = await latestModelCard(store, bucket, dataset);
  const { projectVersionArn, modelVersion } = latest.model;
  return { model: { projectVersionArn, dataset, modelVersion }, imageSettings: imageSettingsOf(latest) };
}
