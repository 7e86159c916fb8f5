import { useState } from 'preact/hooks';
import { baseName } from '../../../src/lib/base-name.js';
import { errorMessage } from '../../../src/lib/error-message.js';
import type { ModelCard } from '../../../src/training/model-card-schema.js';
import { api, type History } from '../api.js';
import { plural, score, when } from '../format.js';
import { Chip } from '../parts/chip.js';
import { Problem } from '../parts/problem.js';

/** The runs and versions of a dataset, newest first. They are loaded when the section is opened. */
export function DatasetHistory({ dataset, models }: { dataset: string; models: readonly ModelCard[] }) {
  const [history, setHistory] = useState<History>();
  const [problem, setProblem] = useState('');
  const load = () => {
    setProblem('');
    api.history(dataset).then(setHistory, (error: unknown) => setProblem(errorMessage(error)));
  };
  return (
    <details class="fold past-runs" onToggle={({ currentTarget }) => currentTarget.open && load()}>
      <summary>Earlier runs and versions</summary>
      {!history && problem === '' && <p class="minor">Loading …</p>}
      {history && (
        <>
          <h3>{plural(history.runs.length, 'run')}</h3>
          <ul class="plain">
            {history.runs.map(({ runId, status, started, upload }) => (
              <li key={runId}>
                {when(started)} <Chip stage={status} />{' '}
                {upload !== null && <span class="filename">{baseName(upload)}</span>}
              </li>
            ))}
          </ul>
          <h3>{plural(history.versions.length, 'version')}</h3>
          <ul class="plain">
            {history.versions.map(({ version, written, isCrossValidated }) => (
              <li key={version}>
                {when(written)} <code>{version}</code>{' '}
                <a href={api.reportAddress(dataset, version)} target="_blank" rel="noreferrer">
                  Report
                </a>
                {isCrossValidated && (
                  <>
                    {', '}
                    <a href={api.doubtfulLabelsAddress(dataset, version)} download>
                      Doubtful labels (CSV)
                    </a>
                  </>
                )}
                {models
                  .filter((card) => card.version === version)
                  .map(({ model: { modelVersion, trainer }, evaluation }) => (
                    <span key={modelVersion} class="minor">
                      {' '}
                      model <code>{modelVersion}</code>
                      {evaluation && `: F1 ${score(evaluation.f1)}`}
                      {trainer === 'emulator' && ' (local baseline)'}
                    </span>
                  ))}
              </li>
            ))}
          </ul>
        </>
      )}
      <Problem text={problem} />
    </details>
  );
}
