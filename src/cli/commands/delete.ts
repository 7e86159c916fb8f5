import { createInterface } from 'node:readline/promises';
import type { Command } from 'commander';
import { RefusedError } from '../../client/errors.js';
import { checkDatasetName } from '../../dataset/model/identity.js';
import { deleteDataset } from '../../deletion/delete-dataset.js';
import { planDeletion } from '../../deletion/plan.js';
import { InterruptedError } from '../../lib/interruption.js';
import { UsageError } from '../../lib/usage-error.js';
import { deletedText, deletionText } from '../output/deletion.js';
import { helpEnd } from '../output/exit-codes.js';
import { withProgress } from '../output/progress.js';
import { printLine, sayLine } from '../output/terminal.js';
import { withClient } from '../services.js';

interface DeleteFlags {
  readonly yes?: true;
  readonly json?: boolean;
}

export function registerDelete(program: Command): void {
  program
    .command('delete')
    .description('delete a dataset with its uploads, images, versions and files of models; asks before')
    .argument('<dataset>', 'name of the dataset, as `curator list` prints it')
    .option('--yes', 'delete without asking')
    .option(
      '--json',
      'print one JSON document: {dataset, objects, models, unreadable}: what was deleted, and which models stay',
    )
    .addHelpText('after', helpEnd('curator delete skin-2025-09'))
    .action(deleteCommand);
}

async function deleteCommand(dataset: string, { yes, json }: DeleteFlags): Promise<void> {
  checkDatasetName(dataset);
  if (!yes && !process.stdin.isTTY) {
    throw new UsageError('Without a terminal nothing can be asked: use --yes to delete the dataset.');
  }
  await withClient(async (client) => {
    if (!yes) await confirm(dataset, deletionText(await planDeletion(client, dataset)));
    const deleted = await withProgress(
      async (display) =>
        await deleteDataset(client, dataset, (done, total) =>
          display.counted('deleting', done, total, 'objects'),
        ),
    );
    printLine(json ? JSON.stringify(deleted) : deletedText(deleted));
  });
}

/** @throws RefusedError if the person does not type the name of the dataset, InterruptedError at Ctrl-C and Ctrl-D */
async function confirm(dataset: string, plan: string): Promise<void> {
  sayLine(plan);
  const asked = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await asked.question(`Type ${dataset} to delete it: `);
    if (answer.trim() !== dataset) throw new RefusedError(NOTHING_DELETED);
  } catch (error) {
    if (!(error instanceof Error && error.name === 'AbortError')) throw error;
    // The message starts on a line of its own.
    sayLine('');
    throw new InterruptedError(NOTHING_DELETED);
  } finally {
    asked.close();
  }
}

const NOTHING_DELETED = 'Nothing was deleted.';
