import type { ModelCard } from '../training/model-card-schema.js';
import { type Comparison, compareModels } from './compare-models.js';
import type { TestedModel } from './tested-model.js';

/** A model with its comparison to the dataset's latest model. */
export interface ComparedModel {
  readonly card: ModelCard;
  /** On the photos that the latest model was tested on too; null for the latest model itself. */
  readonly comparison: Comparison | null;
  /** Why there is no comparison; empty if there is one and for the latest model. */
  readonly incomparable: string;
}

/**
 * Compares models with the latest, one after another, so that the predictions of only two are in memory.
 * @param cards the latest first
 * @param read returns what a model predicted on its test images, or why that is not available
 */
export async function compareWithLatest(
  cards: readonly ModelCard[],
  read: (card: ModelCard) => Promise<TestedModel | string>,
): Promise<ComparedModel[]> {
  const [latest, ...others] = cards;
  if (!latest) return [];
  const tested = others.length > 0 ? await read(latest) : '';
  const compared: ComparedModel[] = [{ card: latest, comparison: null, incomparable: '' }];
  for (const card of others) compared.push({ card, ...compare(await read(card), tested) });
  return compared;
}

function compare(
  model: TestedModel | string,
  latest: TestedModel | string,
): Pick<ComparedModel, 'comparison' | 'incomparable'> {
  if (typeof model === 'string') return { comparison: null, incomparable: model };
  if (typeof latest === 'string') return { comparison: null, incomparable: latest };
  const comparison = compareModels(model, latest);
  if (comparison.f1 !== null) return { comparison, incomparable: '' };
  return { comparison: null, incomparable: 'the validation splits have no photo with a common label' };
}
