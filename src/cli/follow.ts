import { workflowUrl } from '../client/workflow-url.js';
import type { TemporalEnvironment } from '../config/environment.js';
import type { IngestResult, Progress, TrainerDescription } from '../contracts/workflow-io.js';
import { EXIT, exitCodeOf } from './output/exit-codes.js';
import type { ProgressDisplay } from './output/progress.js';
import { summary } from './output/summary.js';

export interface Started {
  readonly kind: 'started';
  readonly dataset: string;
  readonly workflowId: string;
  readonly runId: string;
  /** How a person comes back to it. */
  readonly comeBack: string;
}

/** Of several archives, one that couldn't be started or followed; the others are nonetheless. */
export interface Failed {
  readonly kind: 'failed';
  readonly dataset: string;
  readonly message: string;
}

export type Followed =
  | { readonly kind: 'ended'; readonly result: IngestResult }
  | { readonly kind: 'waiting'; readonly progress: Progress }
  | Started
  | Failed;

export const watchCommand = (dataset: string) => `curator watch ${dataset}`;

/** What a command prints last, once everything it started has stopped. */
export interface End {
  readonly code: number;
  readonly text: string;
  readonly document: unknown;
}

/** Shows a run until it has ended, or waits for a person who isn't there. */
export async function follow(steps: AsyncIterable<Progress>, display: ProgressDisplay): Promise<Followed> {
  let announced = false;
  try {
    for await (const progress of steps) {
      if (progress.result) return { kind: 'ended', result: progress.result };
      display.run(progress);
      if (progress.approval && !announced) {
        announced = true;
        display.say(approvalLine(progress));
        if (!process.stderr.isTTY) return { kind: 'waiting', progress };
      }
    }
  } finally {
    display.end();
  }
  throw new Error('The run ended without a result.');
}

/** The same, and Ctrl-C leaves the run alone. */
export async function followDetachably(
  comeBack: string,
  steps: AsyncIterable<Progress>,
  display: ProgressDisplay,
): Promise<Followed> {
  const parting = () => `Detached; the run goes on. Come back with: ${comeBack}`;
  return await detachably(parting, display, () => follow(steps, display));
}

/** Does `work`; Ctrl-C ends the command with what `parting` says. */
export async function detachably<T>(
  parting: () => string,
  display: ProgressDisplay,
  work: () => Promise<T>,
): Promise<T> {
  const detach = () => {
    display.say(parting());
    process.exit(EXIT.detached);
  };
  process.once('SIGINT', detach);
  try {
    return await work();
  } finally {
    process.removeListener('SIGINT', detach);
  }
}

export function endOf(followed: Followed, temporal: TemporalEnvironment, stopped = false): End {
  switch (followed.kind) {
    case 'started': {
      const { dataset, workflowId, runId, comeBack } = followed;
      const text = `Started ${workflowId}. Follow it with: ${comeBack}`;
      return { code: EXIT.done, text, document: { dataset, workflowId, runId } };
    }
    case 'failed': {
      const { dataset, message } = followed;
      return { code: EXIT.failed, text: '', document: { dataset, error: message } };
    }
    case 'waiting':
      return { code: EXIT.waitingForApproval, text: '', document: followed.progress };
    case 'ended': {
      const { result } = followed;
      const text = summary(result, { workflowUrl: workflowUrl(temporal, result), stopped });
      return { code: exitCodeOf(result.outcome), text, document: result };
    }
  }
}

/** One document, or a list of as many as there were archives; answers the exit code, the worst of all. */
export function print(ends: readonly End[], json: boolean | undefined): number {
  const documents = ends.map(({ document }) => document);
  const text = json
    ? JSON.stringify(documents.length === 1 ? documents[0] : documents)
    : ends.flatMap(({ text: lines }) => (lines === '' ? [] : [lines])).join('\n\n');
  if (text !== '') process.stdout.write(`${text}\n`);
  return ends.find(({ code }) => code === EXIT.failed)?.code ?? Math.max(...ends.map(({ code }) => code));
}

/** What a person decides about: hours, cost, where they come from, and how to decide. */
export function approvalLine({ dataset, approval }: Progress): string {
  const { estimatedHours = 0, hourlyRateUsd = 0, basis } = approval?.trainer ?? {};
  const cost = (estimatedHours * hourlyRateUsd).toFixed(2);
  const lines = [
    `Training would take about ${estimatedHours} h and cost about US$ ${cost}${payerOf(approval?.trainer)}: curator approve ${dataset} | curator reject ${dataset} --note "why"`,
    ...(basis ? [`(US$ ${hourlyRateUsd.toFixed(2)} an hour by ${basis})`] : []),
  ];
  return lines.join('\n');
}

function payerOf(trainer: TrainerDescription | undefined): string {
  if (trainer?.kind === 'emulator') return ' on Rekognition; the emulator here costs nothing';
  return trainer?.account ? ` (account ${trainer.account})` : '';
}
