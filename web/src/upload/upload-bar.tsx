import { useState } from 'preact/hooks';
import { isDatasetName } from '../../../src/dataset/model/identity.js';
import { bytes, timeLeft } from '../format.js';
import { inPageWords } from '../page-words.js';
import { Field } from '../parts/field.js';
import { ProgressBar } from '../parts/progress-bar.js';
import { Busy } from './busy.js';
import { findUnfinished } from './unfinished.js';
import type { Uploading } from './use-upload.js';

interface UploadBarProps {
  readonly file: File;
  readonly name: string;
  readonly fit: boolean;
  /** Whether a check with other settings is running, whose result must be seen before an upload with them. */
  readonly checking: boolean;
  /** Whether all settings that were typed are accepted. An upload would not use the others. */
  readonly isValid: boolean;
  readonly uploading: Uploading;
  readonly onUpload: (dataset: string) => void;
  readonly onStop: () => void;
  readonly onOther: () => void;
}

/** The actions after a check: upload, or choose another file. */
export function UploadBar({
  file,
  name,
  fit,
  checking,
  isValid,
  uploading,
  onUpload,
  onStop,
  onOther,
}: UploadBarProps) {
  const [dataset, setDataset] = useState(name);
  if (uploading.state === 'sending') return <Sending uploading={uploading} onStop={onStop} />;
  if (uploading.state === 'busy') {
    const { dataset: busy } = uploading;
    return <Busy dataset={busy} onReplaced={() => onUpload(busy)} onDiscard={onOther} />;
  }
  const named = isDatasetName(dataset);
  const resumable = named && findUnfinished(file, dataset) !== undefined;
  const submit = (event: Event) => {
    event.preventDefault();
    if (named && !checking && isValid) onUpload(dataset);
  };
  return (
    <form class="actions" onSubmit={submit} aria-label="Upload">
      <Field
        label="Dataset"
        problem={
          named ? '' : 'Use a–z, 0–9, dot, dash and underscore, up to 100, starting with a letter or digit.'
        }
        input={(marked) => (
          <input
            {...marked}
            value={dataset}
            spellcheck={false}
            autocapitalize="none"
            onInput={({ currentTarget }) => setDataset(currentTarget.value)}
          />
        )}
      />
      <button type="button" onClick={onOther}>
        Another file
      </button>
      <button type="submit" class={fit ? 'primary' : ''} disabled={!named || checking || !isValid}>
        {submitText(fit, resumable)} <span class="minor">({bytes(file.size)})</span>
      </button>
      <span class="minor" role="status">
        {!isValid && 'Correct the marked setting first.'}
      </span>
      {uploading.state === 'failed' && (
        <p class="problem" role="alert">
          {inPageWords(uploading.message)}
        </p>
      )}
    </form>
  );
}

function submitText(fit: boolean, resumable: boolean): string {
  if (resumable) return 'Resume upload';
  return fit ? 'Upload and curate' : 'Upload anyway';
}

function Sending({
  uploading: { sent, total, rate, waiting },
  onStop,
}: {
  uploading: Uploading & { state: 'sending' };
  onStop: () => void;
}) {
  const speed = rate ? `, ${bytes(rate)}/s, ${timeLeft((total - sent) / rate)}` : '';
  return (
    <section class="actions" aria-label="Upload">
      <ProgressBar
        label={sent < total ? 'Uploading' : 'Starting the run'}
        {...(sent < total ? { value: sent / total } : {})}
        detail={`${bytes(sent)} of ${bytes(total)}${speed}`}
      />
      <button type="button" onClick={onStop}>
        Stop
      </button>
      {waiting !== null && (
        <p class="problem" role="status">
          {waiting} Retrying; uploaded parts are kept.
        </p>
      )}
    </section>
  );
}
