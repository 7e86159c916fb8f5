import { useState } from 'preact/hooks';
import {
  MAX_NAME_CHARACTERS,
  MAX_NOTE_CHARACTERS,
  type TrainerDescription,
} from '../../../src/contracts/workflow-io.js';
import { api } from '../api.js';
import { duration } from '../format.js';

const dollars = new Intl.NumberFormat('en', { style: 'currency', currency: 'USD' });

/** Approval of a training: shows its cost, region and account before the buttons. */
export function ApprovalPanel({ dataset, trainer }: { dataset: string; trainer: TrainerDescription }) {
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
      <h2 id="approval-title">
        Train for about {dollars.format(trainer.hourlyRateUsd * trainer.estimatedHours)}?
      </h2>
      <p>{termsOf(trainer)}</p>
      {trainer.projectNote && <p>{trainer.projectNote}</p>}
      {trainer.basis && <p class="minor">{trainer.basis}</p>}
      <label>
        Your name
        <input
          required
          maxLength={MAX_NAME_CHARACTERS}
          autocomplete="name"
          value={by}
          onInput={({ currentTarget }) => setBy(currentTarget.value)}
        />
      </label>
      <label>
        Note (recorded in the model card)
        <input
          maxLength={MAX_NOTE_CHARACTERS}
          value={note}
          onInput={({ currentTarget }) => setNote(currentTarget.value)}
        />
      </label>
      <div class="buttons">
        <button type="submit" class="primary" disabled={!named}>
          Approve and train
        </button>
        <button type="button" class="danger" disabled={!named} onClick={() => decide('reject')}>
          Reject
        </button>
        <span class="minor" role="status">
          {state === 'sending' && 'Sending …'}
          {state === 'sent' && 'Decision recorded.'}
        </span>
      </div>
      {problem && (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
    </form>
  );
}

function termsOf({ kind, account, region, hourlyRateUsd, estimatedHours }: TrainerDescription): string {
  const rate = `${dollars.format(hourlyRateUsd)} per hour. Expected time: about ${duration(estimatedHours * 3600)}. A training cannot be stopped once it has started.`;
  if (kind === 'emulator') return `The local emulator is free. Amazon Rekognition would cost ${rate}`;
  return `Amazon Rekognition (${account === null ? region : `account ${account}, ${region}`}) costs ${rate}`;
}
