import type { Command } from 'commander';
import type { CuratorClient } from '../../client/curator-client.js';
import type { TrainResult } from '../../contracts/workflow-io.js';
import { f1Difference } from '../../custom-labels/f1-difference.js';
import { validationText } from '../../custom-labels/validation-text.js';
import { checkDatasetName } from '../../dataset/model/identity.js';
import { durationText } from '../../lib/duration-text.js';
import { plural } from '../../lib/plural.js';
import { LOCAL_BASELINE } from '../../training/model-card.js';
import { helpEnd } from '../output/exit-codes.js';
import { inFlags } from '../output/flags.js';
import { type ProgressDisplay, withProgress } from '../output/progress.js';
import { qualityText } from '../output/summary.js';
import { printLine } from '../output/terminal.js';
import { readServiceConfiguration, withClient } from '../services.js';

export function registerAttach(program: Command): void {
  program
    .command('attach')
    .description(
      'wait for a training that an earlier run started, also after that run has failed, until its model card is written',
    )
    .argument('<dataset>', 'name of the dataset, as `curator list` prints it')
    .argument('[model version]', "default: the dataset's latest training")
    .option('--json', 'print the training and its evaluation as JSON')
    .addHelpText('after', helpEnd('curator attach skin-2025-09'))
    .action(attach);
}

async function attach(
  dataset: string,
  modelVersion: string | undefined,
  { json }: { json?: boolean },
): Promise<void> {
  checkDatasetName(dataset);
  const { environment, settings } = readServiceConfiguration();
  const work = async ({ trainings, bucket }: CuratorClient, display: ProgressDisplay) => {
    const failed = await trainings.rejoin(dataset, modelVersion, settings.run.trainingTimeoutSecs);
    if (failed !== undefined)
      display.say(`The workflow of the training has failed: ${inFlags(failed)} Joining the training again.`);
    const watched = trainings.watch(dataset, modelVersion, {
      onUnavailable: (message) => display.say(message),
    });
    for await (const { workflowId, service, waiting, result } of watched) {
      display.waiting(waiting);
      display.step(service ? `${workflowId}: ${service.status}` : workflowId, service?.elapsedSecs);
      if (!result) continue;
      display.end();
      printLine(json ? JSON.stringify(result) : describe(result, bucket));
    }
  };
  await withProgress((display) => withClient((client) => work(client, display), environment));
}

function describe(
  { training, evaluation, evaluationProblem, serviceValidation, modelCardKey, ...dataset }: TrainResult,
  bucket: string,
): string {
  const quality = qualityText(dataset);
  const note = training.trainer === 'emulator' ? ` — ${LOCAL_BASELINE}` : '';
  const difference = evaluation && f1Difference(evaluation);
  const validated = serviceValidation && validationText(serviceValidation);
  return [
    `model       ${training.projectVersionArn}`,
    evaluation
      ? `F1 overall  ${evaluation.f1.toFixed(3)} (${plural(evaluation.testImages, 'test image')})${note}`
      : `evaluation  could not be read: ${evaluationProblem}`,
    ...(difference ? [`            ${difference}`] : []),
    ...(validated ? [`validation  ${validated}`] : []),
    ...(quality === undefined ? [] : [`quality     ${inFlags(quality)}`]),
    `trained in  ${durationText(training.seconds)}`,
    `model card  s3://${bucket}/${modelCardKey}`,
  ].join('\n');
}
