import { useEffect, useRef, useState } from 'preact/hooks';
import { unmergedClasses } from '../../../src/dataset/model/class-merges.js';
import type { DatasetSettings } from '../../../src/dataset/model/settings.js';
import { errorMessage } from '../../../src/lib/error-message.js';
import { api } from '../api.js';
import { RemedyButtons } from '../dataset-check/remedy-buttons.js';
import { SettingsForm } from '../dataset-check/settings-form.js';
import { Problem } from '../parts/problem.js';

/** Settings that the page proposes for the next run. A new object opens the form again. */
export type Proposal = Partial<DatasetSettings>;

/** Runs the archive again with other settings. The settings of the last run are loaded when the section is opened. */
export function RunAgain({
  dataset,
  message,
  classes,
  isDone,
  proposal,
  onStarted,
}: {
  dataset: string;
  /** The message of the last run, which may advise settings. */
  message: string;
  /** The classes of the last run, those that were dropped included. */
  classes: readonly string[];
  /** Whether the last run is done: then it can be repeated only with other settings. */
  isDone: boolean;
  proposal: Proposal | undefined;
  onStarted: () => void;
}) {
  const [last, setLast] = useState<DatasetSettings>();
  const [settings, setSettings] = useState<DatasetSettings>();
  const [starting, setStarting] = useState(false);
  const [problem, setProblem] = useState('');
  const section = useRef<HTMLDetailsElement>(null);
  const [hasInvalid, setHasInvalid] = useState(false);
  useEffect(() => setProblem(''), [settings]);
  const load = () => {
    if (last) return;
    setProblem('');
    api.settings(dataset).then(
      (loaded) => {
        setLast(loaded);
        setSettings({ ...loaded, ...proposal });
      },
      (error: unknown) => setProblem(errorMessage(error)),
    );
  };
  useEffect(() => {
    if (!proposal || !section.current) return;
    section.current.open = true;
    section.current.scrollIntoView({ block: 'start' });
    section.current.querySelector('summary')?.focus({ preventScroll: true });
    setSettings((before) => before && { ...before, ...proposal });
  }, [proposal]);
  const isChanged = JSON.stringify(settings) !== JSON.stringify(last);
  const start = () => {
    if (!settings || section.current?.querySelector('form')?.reportValidity() === false) return;
    setStarting(true);
    setProblem('');
    api.runAgain(dataset, settings).then(onStarted, (error: unknown) => {
      setStarting(false);
      setProblem(errorMessage(error));
    });
  };
  return (
    <details
      ref={section}
      class="fold run-again"
      onToggle={({ currentTarget }) => currentTarget.open && load()}
    >
      <summary>Run again with other settings</summary>
      {!settings && problem === '' && <p class="minor">Loading …</p>}
      {settings && (
        <>
          <p>The same archive is used. These are the settings of the last run.</p>
          <RemedyButtons message={message} settings={settings} onApply={setSettings} />
          <SettingsForm
            settings={settings}
            classes={unmergedClasses(classes, last?.mergeClasses ?? '')}
            onChange={setSettings}
            onValidity={(isValid) => setHasInvalid(!isValid)}
            settleMs={0}
          />
          <div class="buttons">
            <button
              type="button"
              class="primary"
              disabled={starting || (isDone && !isChanged && !hasInvalid)}
              onClick={start}
            >
              {starting ? 'Starting …' : 'Run again'}
            </button>
            <span class="minor" role="status">
              {hasInvalid && 'Correct the marked setting first.'}
              {!hasInvalid && isDone && !isChanged && 'Change a setting first.'}
            </span>
          </div>
        </>
      )}
      <Problem text={problem} />
    </details>
  );
}
