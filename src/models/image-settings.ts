import { DEFAULT_DATASET_SETTINGS, type ImageSettings } from '../dataset/model/settings.js';
import type { ModelCard } from '../training/model-card-schema.js';

/** The settings with which the images of a model's dataset were preprocessed; the defaults if there is no card. */
export function imageSettingsOf(card: Pick<ModelCard, 'settings'> | undefined): ImageSettings {
  const { imageMaxSide, stretchContrast, tiles } = card?.settings ?? {};
  return {
    imageMaxSide: typeof imageMaxSide === 'number' ? imageMaxSide : DEFAULT_DATASET_SETTINGS.imageMaxSide,
    stretchContrast: stretchContrast === 'auto' ? 'auto' : 'off',
    tiles: typeof tiles === 'number' ? tiles : DEFAULT_DATASET_SETTINGS.tiles,
  };
}
