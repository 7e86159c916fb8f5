import { useState } from 'preact/hooks';
import type { ModelCards } from '../../../src/endpoint/schemas.js';
import { errorMessage } from '../../../src/lib/error-message.js';
import type { ModelCard } from '../../../src/training/model-card-schema.js';
import { api } from '../api.js';
import { plural, score, when } from '../format.js';
import { Problem } from '../parts/problem.js';

/** The models of a dataset, newest first. They are loaded when the section is opened. */
export function EarlierModels({ dataset }: { dataset: string }) {
  const [models, setModels] = useState<ModelCards>();
  const [problem, setProblem] = useState('');
  const load = () => {
    api.models(dataset).then(
      (loaded) => {
        setModels(loaded);
        setProblem('');
      },
      (error: unknown) => setProblem(errorMessage(error)),
    );
  };
  return (
    <details class="history" onToggle={({ currentTarget }) => currentTarget.open && load()}>
      <summary>All models of {dataset}</summary>
      <Problem text={problem} />
      {models && (
        <ul class="plain">
          {models.models.map((card) => (
            <li key={card.model.modelVersion}>{textOf(card)}</li>
          ))}
          {models.unreadable.map(({ modelVersion, problem: unreadable }) => (
            <li key={modelVersion} class="problem">
              The model card {modelVersion} cannot be read. {unreadable}
            </li>
          ))}
        </ul>
      )}
    </details>
  );
}

function textOf({ model, evaluation, images }: ModelCard): string {
  const f1 = evaluation ? `F1 ${score(evaluation.f1)}` : 'F1 unknown';
  const baseline = model.trainer === 'emulator' ? ' (local baseline)' : '';
  const ended = model.ended ? `, ${when(model.ended)}` : '';
  return `${f1}${baseline}, ${plural(images.used, 'image')}${ended}, version ${model.modelVersion}`;
}
