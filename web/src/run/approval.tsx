import { useState } from 'preact/hooks';
import {
  type Finding,
  MAX_NAME_CHARACTERS,
  MAX_NOTE_CHARACTERS,
  type TrainerDescription,
} from '../../../src/contracts/workflow-io.js';
import { api } from '../api.js';
import { duration, plural } from '../format.js';
import { inPageWords } from '../page-words.js';
import { Field, fullText } from '../parts/field.js';
import { Problem } from '../parts/problem.js';

const dollars = new Intl.NumberFormat('en', { style: 'currency', currency: 'USD' });

/** The list of all warnings is further down on the page. */
const MAX_WARNINGS = 5;

/** Approval of a training: shows its cost, region and account and the warnings about the dataset before the buttons. */
export function ApprovalPanel({
  dataset,
  trainer,
  findings,
}: {
  dataset: string;
  trainer: TrainerDescription;
  findings: readonly Finding[];
}) {
  const [by, setBy] = useState('');
  const [note, setNote] = useState('');
  const [state, setState] = useState<'open' | 'sending' | 'sent'>('open');
  const [problem, setProblem] = useState('');
  const decide = (decision: 'approve' | 'reject') => {
    setState('sending');
    setProblem('');
    api.decide(dataset, { decision, by: by.trim(), note: note.trim() }).then(
      () => setState('sent'),
      (error: Error) => {
        setState('open');
        setProblem(error.message);
      },
    );
  };
  const named = by.trim() !== '' && state === 'open';
  const submit = (event: Event) => {
    event.preventDefault();
    if (named) decide('approve');
  };
  return (
    <form class="panel approval" onSubmit={submit} aria-labelledby="approval-title">
      <Terms trainer={trainer} />
      <Warnings findings={findings} />
      <Field
        label="Your name"
        note={fullText(by, MAX_NAME_CHARACTERS)}
        input={(marked) => (
          <input
            required
            {...marked}
            maxLength={MAX_NAME_CHARACTERS}
            autocomplete="name"
            value={by}
            onInput={({ currentTarget }) => setBy(currentTarget.value)}
          />
        )}
      />
      <Field
        label="Note (recorded in the model card)"
        note={fullText(note, MAX_NOTE_CHARACTERS)}
        input={(marked) => (
          <input
            {...marked}
            maxLength={MAX_NOTE_CHARACTERS}
            value={note}
            onInput={({ currentTarget }) => setNote(currentTarget.value)}
          />
        )}
      />
      <div class="buttons">
        <button type="submit" class="primary" disabled={!named}>
          Approve and train
        </button>
        <button type="button" class="danger" disabled={!named} onClick={() => decide('reject')}>
          Reject
        </button>
        <span class="minor" role="status">
          {by.trim() === '' && 'Enter your name to approve or reject.'}
          {state === 'sending' && 'Sending …'}
          {state === 'sent' && 'Decision recorded.'}
        </span>
      </div>
      <Problem text={problem} />
    </form>
  );
}

/** The price and duration are those of Rekognition: an emulated training has neither. */
function Terms({ trainer }: { trainer: TrainerDescription }) {
  if (trainer.kind === 'emulator') {
    return (
      <>
        <h2 id="approval-title">Train on the local emulator?</h2>
        <p>This is free. Its scores are a local baseline, not those of Amazon Rekognition.</p>
      </>
    );
  }
  const { account, region, hourlyRateUsd, estimatedHours, projectNote, basis } = trainer;
  return (
    <>
      <h2 id="approval-title">Train for about {dollars.format(hourlyRateUsd * estimatedHours)}?</h2>
      <p>
        Amazon Rekognition ({account === null ? region : `account ${account}, ${region}`}) costs{' '}
        {dollars.format(hourlyRateUsd)} per hour. Expected time: about {duration(estimatedHours * 3600)}. A
        training cannot be stopped once it has started.
      </p>
      {projectNote && <p>{projectNote}</p>}
      {basis && <p class="minor">{inPageWords(basis)}</p>}
    </>
  );
}

/** The first sentence of each warning. */
function Warnings({ findings }: { findings: readonly Finding[] }) {
  if (findings.length === 0) return null;
  const shown = findings.slice(0, MAX_WARNINGS);
  return (
    <div>
      <p>
        <strong>{plural(findings.length, 'warning')} about this dataset:</strong>
      </p>
      <ul class="warnings">
        {shown.map(({ code, message }) => (
          <li key={code}>{inPageWords(message.split(/(?<=\.)\s/)[0] ?? message)}</li>
        ))}
      </ul>
      {findings.length > shown.length && (
        <p class="minor">and {plural(findings.length - shown.length, 'more finding')}, listed below</p>
      )}
    </div>
  );
}
