import type { ModelCard } from '../../../src/training/model-card-schema.js';
import { settingLabel } from '../setting-labels.js';

/** A setting in which models differ, with its value for each of them. */
export interface DifferingSetting {
  readonly label: string;
  /** In the order of the models. */
  readonly values: readonly string[];
}

/** The settings in which models differ, since they explain different scores. */
export function differingSettings(models: readonly ModelCard[]): DifferingSetting[] {
  const names = new Set(models.flatMap(({ settings }) => Object.keys(settings)));
  return [...names].flatMap((name) => {
    const values = models.map(({ settings }) => shown(settings[name]));
    return new Set(values).size > 1 ? [{ label: settingLabel(name), values }] : [];
  });
}

const shown = (value: unknown): string => (value === undefined || value === '' ? '–' : String(value));
