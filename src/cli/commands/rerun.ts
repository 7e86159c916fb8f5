import type { Command } from 'commander';
import { readFlags } from '../../config/read-settings.js';
import { checkDatasetName } from '../../dataset/model/identity.js';
import { adviceFromStorage } from '../advice.js';
import { endOf, type Followed, followLatest, print, watchCommand } from '../follow.js';
import { EXIT_HELP, helpEnd } from '../output/exit-codes.js';
import { withProgress } from '../output/progress.js';
import { readServiceConfiguration, withClient } from '../services.js';
import { addSettings, settingFlags } from '../settings-options.js';

interface RerunFlags {
  readonly wait: boolean;
  readonly json?: boolean;
}

export function registerRerun(program: Command): void {
  const command = program
    .command('rerun')
    .description("run the archive of a dataset's latest run again with other settings, without a new upload")
    .argument('<dataset>', 'name of the dataset, as `curator list` prints it')
    .option('--no-wait', 'return once the run has started')
    .option('--json', 'print the result as one JSON document; progress goes to stderr');
  addSettings(command, 'dataset', 'as in the latest run')
    .addHelpText('after', helpEnd('curator rerun skin-2025-09 --per-class-cap 240', EXIT_HELP))
    .action(rerun);
}

async function rerun(dataset: string, flags: RerunFlags & Record<string, unknown>): Promise<void> {
  checkDatasetName(dataset);
  const changes = readFlags(settingFlags(flags));
  const configuration = readServiceConfiguration();
  const { Intake, intakeDefaults } = await import('../../intake/intake.js');
  const { runAgain } = await import('../../intake/run-again.js');
  process.exitCode = await withClient(async (client) => {
    const intake = new Intake(client, intakeDefaults(configuration));
    const { workflowId, runId, result } = await runAgain(intake, dataset, changes);
    const started = {
      kind: 'started',
      dataset,
      workflowId,
      runId,
      resumeHint: watchCommand(dataset),
    } as const;
    const followed = await withProgress(async (display): Promise<Followed> => {
      if (result) {
        display.say('The latest run is done and has these settings. This is its result.');
        return { kind: 'ended', result, advice: await adviceFromStorage(client, result) };
      }
      return flags.wait ? await followLatest(client, dataset, display) : started;
    });
    return print([endOf(followed, configuration.environment)], flags.json);
  }, configuration.environment);
}
