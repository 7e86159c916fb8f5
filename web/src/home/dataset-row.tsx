import type { DatasetEntry } from '../api.js';
import { plural, score, when } from '../format.js';
import { inPageWords } from '../page-words.js';
import { Chip } from '../parts/chip.js';
import { EarlierModels } from './earlier-models.js';

/** A dataset: its name and latest model, the state of its latest run, and the reason if that run ended without success. */
export function DatasetRow({ entry }: { entry: DatasetEntry }) {
  const { dataset, status, started, reason, model, problem } = entry;
  return (
    <li>
      <a href={`#/datasets/${encodeURIComponent(dataset)}`}>
        <span class="name">{dataset}</span>
        <span class="f1">{scoreOf(entry)}</span>
        <Chip stage={status} />
        <span class="minor about">
          {[imagesOf(entry), started && when(started)].filter(Boolean).join(' · ')}
        </span>
        {reason !== undefined && (
          <span class="minor reason">
            {inPageWords(reason)}
            {model && ` The model${model.ended === null ? '' : ` of ${when(model.ended)}`} is unchanged.`}
          </span>
        )}
      </a>
      {problem !== undefined && <p class="problem">{problem}</p>}
      {model && <EarlierModels dataset={dataset} />}
    </li>
  );
}

function scoreOf({ model, quality }: DatasetEntry): string {
  if (!model) return 'no model yet';
  const notes = [
    model.trainer === 'emulator' ? 'local baseline' : '',
    quality === 'unreliable' ? 'unreliable scores' : '',
  ].filter((note) => note !== '');
  const f1 = model.f1 === null ? 'F1 unknown' : `F1 ${score(model.f1)}`;
  return notes.length === 0 ? f1 : `${f1} (${notes.join(', ')})`;
}

/** The images of the model if there is one: those of a later run, which left no model, would not belong to its F1. */
function imagesOf({ images, model }: DatasetEntry): string {
  const shown = model?.images ?? images;
  if (shown === undefined) return '';
  return shown === 0 ? 'no image used' : plural(shown, 'image');
}
