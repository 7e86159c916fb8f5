import { manifestSizes } from '../../../src/dataset/model/counts.js';
import { usedImagesText } from '../../../src/dataset/model/tiled-images.js';
import type { ModelCard } from '../../../src/training/model-card-schema.js';
import { score } from '../format.js';

/** Maximum columns that fit on the page. */
const MAX_COMPARED = 5;

/** Compares the models of a dataset. Scores are comparable only between models tested on the same images. */
export function Versions({ models }: { models: readonly ModelCard[] }) {
  if (models.length < 2) return null;
  const shown = models.slice(0, MAX_COMPARED);
  const [newest] = shown;
  const labels = [
    ...new Set(shown.flatMap(({ evaluation }) => evaluation?.labels.map(({ label }) => label) ?? [])),
  ];
  const isSameTest = (card: ModelCard) => card.lineage.manifests.val === newest?.lineage.manifests.val;
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
            <tr class="minor">
              <th scope="row">Test images</th>
              {shown.map((card) => (
                <td key={card.model.modelVersion} class="number">
                  {isSameTest(card) ? 'same' : 'other'}
                </td>
              ))}
            </tr>
          </tbody>
        </table>
      </div>
      {!shown.every(isSameTest) && (
        <p class="minor">Scores measured on other test images are not comparable.</p>
      )}
    </section>
  );
}
