import { ApplicationFailure, condition, setHandler } from '@temporalio/workflow';
import {
  type Approval,
  type ApprovalRequest,
  MAX_NAME_CHARACTERS,
  MAX_NOTE_CHARACTERS,
  type RunSettings,
  type TrainerDescription,
} from '../contracts/workflow-io.js';
import { approveTraining, rejectTraining } from './messages.js';

/** AWS training costs money and needs approval by default (`auto`); the emulator does not. */
export function needsApproval(
  setting: RunSettings['requireApproval'],
  trainer: TrainerDescription,
  warnings: number,
): boolean {
  switch (setting) {
    case 'true':
      return true;
    case 'false':
      return false;
    case 'when-warnings':
      return warnings > 0;
    case 'auto':
      return trainer.kind !== 'emulator';
  }
}

/** A person's decision about a training. Its updates are refused while the run does not wait for approval. */
export class ApprovalGate {
  private waiting = false;
  private decision: Approval | null = null;

  constructor(private readonly dataset: string) {
    const validator = (request: ApprovalRequest) => this.check(request);
    setHandler(approveTraining, (request) => this.decide('approved', request), { validator });
    setHandler(rejectTraining, (request) => this.decide('rejected', request), { validator });
  }

  /** Waits for a person's decision, without a time limit. */
  async decided(): Promise<Approval> {
    this.waiting = true;
    await condition(() => this.decision !== null);
    this.waiting = false;
    if (!this.decision)
      throw ApplicationFailure.nonRetryable('The wait for approval ended without a decision.');
    return this.decision;
  }

  private decide(decision: Approval['decision'], request: ApprovalRequest): Approval {
    this.decision = { decision, by: request.by, note: request.note, at: new Date().toISOString() };
    return this.decision;
  }

  private check(request: ApprovalRequest): void {
    if (request.by.trim() === '') {
      throw ApplicationFailure.nonRetryable(
        'A decision needs the name of the person who decides.',
        'WhoDecides',
      );
    }
    if (request.by.length > MAX_NAME_CHARACTERS || request.note.length > MAX_NOTE_CHARACTERS) {
      throw ApplicationFailure.nonRetryable(
        `The maximum is ${MAX_NAME_CHARACTERS} characters for the name and ${MAX_NOTE_CHARACTERS} for the note.`,
        'TooLong',
      );
    }
    if (this.decision) {
      throw ApplicationFailure.nonRetryable(
        `The training of ${this.dataset} was already ${this.decision.decision} by ${this.decision.by} at ${this.decision.at}.`,
        'AlreadyDecided',
      );
    }
    if (!this.waiting) {
      throw ApplicationFailure.nonRetryable(`${this.dataset} is not waiting for approval.`, 'NotWaiting');
    }
  }
}
