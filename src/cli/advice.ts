import type { NextStep } from '../advice/next-steps.js';
import type { CuratorClient } from '../client/curator-client.js';
import { RefusedError, UnavailableError } from '../client/errors.js';
import { pageUrl } from '../client/links.js';
import { SETTINGS } from '../config/settings.js';
import type { IngestResult } from '../contracts/workflow-io.js';
import { modelCardKey } from '../dataset/model/layout.js';
import { adviceSchema } from '../endpoint/model-schemas.js';
import { callEndpoint, type RemoteEndpoint } from '../endpoint-client/call.js';
import { readModelCard } from '../models/cards.js';
import { readModelAdvice } from '../models/model-advice.js';
import { sizeProblem } from '../models/tested-model.js';
import { StorageError } from '../storage/storage-error.js';
import { shellText } from './output/shell-text.js';

/** A step with what does it: a command, or the address of the page for a run of another machine's endpoint. */
export type OfferedStep = NextStep & { readonly command: string };

/** What to do next about the model of a run. */
export interface Advice {
  readonly steps: readonly OfferedStep[];
  /** Why the steps are unknown; null if they are known, and for a run without an evaluated model. */
  readonly problem: string | null;
}

export const NO_ADVICE: Advice = { steps: [], problem: null };

/** Reads what to do next about the model of a run, as its page shows it. If that fails, `problem` says why. */
export async function adviceFromStorage(
  { store, bucket }: CuratorClient,
  { dataset, training, evaluation }: IngestResult,
): Promise<Advice> {
  if (!training || !evaluation) return NO_ADVICE;
  try {
    const card = await readModelCard(store, bucket, modelCardKey(dataset, training.modelVersion));
    const problem = await sizeProblem(store, bucket, card);
    if (problem !== null) return unknown(problem);
    const advice = await readModelAdvice(store, bucket, card);
    if (typeof advice === 'string') return unknown(`${advice}.`);
    return {
      steps: advice.steps.map((step) => ({ ...step, command: commandOf(step, dataset) })),
      problem: null,
    };
  } catch (error) {
    if (error instanceof StorageError) return unknown(error.message);
    throw error;
  }
}

/** As `adviceFromStorage`, through an HTTP endpoint. */
export async function adviceFromEndpoint(
  endpoint: RemoteEndpoint,
  { dataset, training, evaluation }: IngestResult,
): Promise<Advice> {
  if (!training || !evaluation) return NO_ADVICE;
  const path = `datasets/${dataset}/models/${training.modelVersion}/advice`;
  try {
    const { steps } = await callEndpoint(endpoint, path, adviceSchema.pick({ steps: true }));
    const command = pageUrl(endpoint.url, dataset);
    return { steps: steps.map((step) => ({ ...step, command })), problem: null };
  } catch (error) {
    if (error instanceof RefusedError || error instanceof UnavailableError) return unknown(error.message);
    throw error;
  }
}

const unknown = (problem: string): Advice => ({ steps: [], problem });

/** The command that does a step. Labels are checked by a person, who looks at them in the report of the model. */
function commandOf({ change }: NextStep, dataset: string): string {
  if (!change) return `curator report ${dataset} --model --open`;
  const flags = (Object.keys(change) as (keyof typeof change)[]).map(
    (name) => `--${SETTINGS[name].flag}=${shellText(String(change[name]))}`,
  );
  return `curator rerun ${dataset} ${flags.join(' ')}`;
}
