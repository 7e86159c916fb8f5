import { judgeModel, MIN_BOXES, type ModelVerdict } from '../../evaluation/verdict.js';
import { plural } from '../../lib/plural.js';
import type { ModelCard } from '../../training/model-card-schema.js';

type Evaluation = NonNullable<ModelCard['evaluation']>;

const MEANINGS: Readonly<Record<ModelVerdict, string>> = {
  'too-few-boxes': `Fewer than ${MIN_BOXES} labelled objects were tested: the figures say nothing yet.`,
  'no-better-than-chance': 'Not shown to be better than chance: the model is of no use yet.',
  'too-poor': 'Better than chance, but too poor to use: more than two errors for each object that it finds.',
  'with-checking': 'Usable if a person checks the results: up to two errors for each object that it finds.',
  good: 'Good: at most one error for two objects that it finds.',
};

/** Whether a model is any good, in one sentence for people. An error is a missed object or a false alarm. */
export function verdictText(evaluation: Evaluation): string {
  return MEANINGS[judgeModel(evaluation)];
}

/** The class with the lowest F1, as a sentence; null if there is only one class. */
export function weakestText(evaluation: Evaluation, falseAlarms: ReadonlyMap<string, number>): string | null {
  if (evaluation.labels.length < 2) return null;
  const [weakest] = [...evaluation.labels].sort((a, b) => a.f1 - b.f1);
  if (!weakest) return null;
  const alarms = falseAlarms.get(weakest.label);
  const counted = alarms === undefined ? '' : `, with ${plural(alarms, 'false alarm')}`;
  return `Weakest class: ${weakest.label} (F1 ${weakest.f1.toFixed(2)}${counted}).`;
}
