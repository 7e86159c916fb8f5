import { manifestSizes } from '../../../src/dataset/model/counts.js';
import { usedImagesText } from '../../../src/dataset/model/tiled-images.js';
import type { ModelCard } from '../../../src/training/model-card-schema.js';
import { api, type ModelComparison } from '../api.js';
import { plural, score } from '../format.js';
import { inPageWords } from '../page-words.js';
import { differingSettings } from './differing-settings.js';
import { useLoaded } from './use-loaded.js';

/** Maximum columns that fit on the page. */
const MAX_COMPARED = 5;
const NO_COMPARISONS: readonly ModelComparison[] = [];
const noComparisons = async () => NO_COMPARISONS;

/** Compares the models of a dataset. Scores are comparable only on photos that both models were tested on. */
export function Versions({ dataset, models }: { dataset: string; models: readonly ModelCard[] }) {
  const [newest] = models;
  const comparisons = useLoaded(
    models.length > 1 ? api.comparisons : noComparisons,
    dataset,
    newest?.model.modelVersion ?? '',
    NO_COMPARISONS,
  );
  if (models.length < 2) return null;
  const shown = models.slice(0, MAX_COMPARED);
  const labels = [
    ...new Set(shown.flatMap(({ evaluation }) => evaluation?.labels.map(({ label }) => label) ?? [])),
  ];
  const comparisonOf = ({ model }: ModelCard) =>
    comparisons.find(({ modelVersion }) => modelVersion === model.modelVersion);
  const f1Of = (card: ModelCard, label: string) =>
    card.evaluation?.labels.find((evaluated) => evaluated.label === label)?.f1;
  return (
    <section aria-labelledby="versions-title">
      <h2 id="versions-title">Models compared</h2>
      <div class="wide">
        <table class="scores">
          <caption class="hidden">F1 of each model, newest first</caption>
          <thead>
            <tr>
              <th scope="col">Model</th>
              {shown.map(({ model }) => (
                <th key={model.modelVersion} scope="col" class="number">
                  <code>{model.modelVersion}</code>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            <tr>
              <th scope="row">F1 overall</th>
              {shown.map((card) => (
                <td key={card.model.modelVersion} class="number">
                  <strong>{card.evaluation ? score(card.evaluation.f1) : '–'}</strong>
                </td>
              ))}
            </tr>
            {labels.map((label) => (
              <tr key={label}>
                <th scope="row" class="name">
                  {label}
                </th>
                {shown.map((card) => {
                  const f1 = f1Of(card, label);
                  return (
                    <td key={card.model.modelVersion} class="number">
                      {f1 === undefined ? '–' : score(f1)}
                    </td>
                  );
                })}
              </tr>
            ))}
            <tr class="minor">
              <th scope="row">Trained on</th>
              {shown.map(({ model, images, evaluation }) => (
                <td key={model.modelVersion} class="number">
                  {usedImagesText(evaluation?.trainImages ?? manifestSizes(images).train, images, 'train')}
                </td>
              ))}
            </tr>
            {differingSettings(shown).map(({ label, values }) => (
              <tr key={label} class="minor">
                <th scope="row">{label}</th>
                {values.map((value, index) => (
                  <td key={shown[index]?.model.modelVersion} class="number">
                    {value}
                  </td>
                ))}
              </tr>
            ))}
            <tr class="minor">
              <th scope="row">F1 on common photos</th>
              {shown.map((card) => (
                <td key={card.model.modelVersion} class="number">
                  {card === newest ? '' : comparisonText(comparisonOf(card), card, newest)}
                </td>
              ))}
            </tr>
          </tbody>
        </table>
      </div>
      <p class="minor">
        The other scores are of each model’s own test images. Only those on common photos can be compared: the
        photos that a model and the latest were both tested on, without tiles, and the classes that both have.
      </p>
      {shown.map((card) => {
        const problem = comparisonOf(card)?.problem;
        return (
          problem && (
            <p key={card.model.modelVersion} class="minor">
              {card.model.modelVersion} cannot be compared: {inPageWords(problem)}.
            </p>
          )
        );
      })}
    </section>
  );
}

/** `0.610, latest 0.700 (12 photos, rash only)`, where classes are named if a model has others; a dash without a comparison. */
function comparisonText(
  compared: ModelComparison | undefined,
  ...models: readonly (ModelCard | undefined)[]
): string {
  if (typeof compared?.f1 !== 'number' || compared.latestF1 === null) return '–';
  const { f1, latestF1, photos, labels } = compared;
  const hasOthers = models.some((model) => (model?.labels.length ?? 0) > labels.length);
  const only = hasOthers ? `, ${labels.join(', ')} only` : '';
  return `${score(f1)}, latest ${score(latestF1)} (${plural(photos, 'photo')}${only})`;
}
