import type { CheckResult } from '../check/examine.js';
import type { CuratorClient } from '../client/curator-client.js';
import { linksOf } from '../client/links.js';
import type { Environment } from '../config/environment.js';
import type { IngestResult, Progress, TrainerDescription } from '../contracts/workflow-io.js';
import { distrustOf } from '../dataset/model/quality.js';
import { type Advice, adviceFromStorage, NO_ADVICE } from './advice.js';
import { EXIT, exitCodeOf } from './output/exit-codes.js';
import { inFlags } from './output/flags.js';
import type { ProgressDisplay } from './output/progress.js';
import { summary, unfitSummary } from './output/summary.js';
import { printLine } from './output/terminal.js';

export interface Started {
  readonly kind: 'started';
  readonly dataset: string;
  readonly workflowId: string;
  readonly runId: string;
  /** The command or URL by which a person follows the run. */
  readonly resumeHint: string;
}

/** One of several archives whose run could not be started or followed; the others continue. */
export interface Failed {
  readonly kind: 'failed';
  readonly dataset: string;
  readonly message: string;
}

/** An archive that was checked before the upload and cannot be trained on. */
export interface Unfit {
  readonly kind: 'unfit';
  readonly result: CheckResult;
}

export type Followed =
  | { readonly kind: 'ended'; readonly result: IngestResult; readonly advice?: Advice }
  | { readonly kind: 'waiting'; readonly progress: Progress }
  | Started
  | Failed
  | Unfit;

export const watchCommand = (dataset: string) => `curator watch ${dataset}`;

/** Adds what to do next about the model, if the run has ended. */
export async function advised(
  followed: Followed,
  adviceOf: (result: IngestResult) => Promise<Advice>,
): Promise<Followed> {
  return followed.kind === 'ended' ? { ...followed, advice: await adviceOf(followed.result) } : followed;
}

/** What a command prints last, and its exit code. */
export interface End {
  readonly code: number;
  readonly text: string;
  readonly document: unknown;
}

/** Shows a run until it ends. Without a terminal, it returns when the run waits for approval. */
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

/** Follows a run as `follow` does; Ctrl-C ends the command but not the run. */
export async function followDetachably(
  resumeHint: string,
  steps: AsyncIterable<Progress>,
  display: ProgressDisplay,
): Promise<Followed> {
  const message = () => `Detached. The run continues. Follow it with: ${resumeHint}`;
  return await detachably(message, display, () => follow(steps, display));
}

/** Follows the latest run of a dataset, and reads what to do next about its model. */
export async function followLatest(
  client: CuratorClient,
  dataset: string,
  display: ProgressDisplay,
): Promise<Followed> {
  const steps = client.watch(dataset, { onUnavailable: (message) => display.say(message) });
  const followed = await followDetachably(watchCommand(dataset), steps, display);
  return await advised(followed, (result) => adviceFromStorage(client, result));
}

/** Does `work`; Ctrl-C prints `message` and ends the command. */
export async function detachably<T>(
  message: () => string,
  display: ProgressDisplay,
  work: () => Promise<T>,
): Promise<T> {
  const detach = () => {
    display.say(message());
    process.exit(EXIT.detached);
  };
  process.once('SIGINT', detach);
  try {
    return await work();
  } finally {
    process.removeListener('SIGINT', detach);
  }
}

export function endOf(
  followed: Followed,
  environment: Pick<Environment, 'page' | 'temporal'>,
  stopped = false,
): End {
  switch (followed.kind) {
    case 'started': {
      const { dataset, workflowId, runId, resumeHint } = followed;
      const text = `Started ${workflowId}. Follow it with: ${resumeHint}`;
      return { code: EXIT.done, text, document: { dataset, workflowId, runId } };
    }
    case 'failed': {
      const { dataset, message } = followed;
      return { code: EXIT.failed, text: '', document: { dataset, error: message } };
    }
    case 'unfit': {
      const { result } = followed;
      const document = { ...result, outcome: 'refused', uploaded: false };
      return { code: EXIT.failed, text: unfitSummary(result), document };
    }
    case 'waiting':
      return { code: EXIT.waitingForApproval, text: '', document: followed.progress };
    case 'ended': {
      const { result, advice = NO_ADVICE } = followed;
      const text = summary(result, { ...linksOf(environment, result), stopped, advice });
      return { code: exitCodeOf(result.outcome), text, document: { ...result, nextSteps: advice.steps } };
    }
  }
}

/** Prints one document, or a list if there were several archives. Returns the worst exit code. */
export function print(ends: readonly End[], json: boolean | undefined): number {
  const documents = ends.map(({ document }) => document);
  const text = json
    ? JSON.stringify(documents.length === 1 ? documents[0] : documents)
    : ends.flatMap(({ text: lines }) => (lines === '' ? [] : [lines])).join('\n\n');
  if (text !== '') printLine(text);
  return ends.find(({ code }) => code === EXIT.failed)?.code ?? Math.max(...ends.map(({ code }) => code));
}

/** What a person needs for the approval: doubts about the dataset, estimated hours and cost, their basis, and the commands to decide. */
export function approvalLine({ dataset, approval, ...progress }: Progress): string {
  const { estimatedHours = 0, hourlyRateUsd = 0, basis, projectNote } = approval?.trainer ?? {};
  const cost = (estimatedHours * hourlyRateUsd).toFixed(2);
  const distrust = distrustOf(progress);
  const lines = [
    ...(distrust === undefined ? [] : [inFlags(distrust)]),
    `Training would take about ${estimatedHours} h and cost about US$ ${cost}${payerOf(approval?.trainer)}. Decide with: curator approve ${dataset} | curator reject ${dataset} --note "why"`,
    ...(projectNote ? [projectNote] : []),
    ...(basis ? [`(US$ ${hourlyRateUsd.toFixed(2)} per hour; ${basis})`] : []),
  ];
  return lines.join('\n');
}

function payerOf(trainer: TrainerDescription | undefined): string {
  if (trainer?.kind === 'emulator') return ' on Rekognition; this emulator is free';
  return trainer?.account ? ` (account ${trainer.account})` : '';
}
