import type { Command } from 'commander';
import { f1Difference } from '../../custom-labels/f1-difference.js';
import { validationText } from '../../custom-labels/validation-text.js';
import { checkDatasetName } from '../../dataset/model/identity.js';
import { usedImagesText } from '../../dataset/model/tiled-images.js';
import { plural } from '../../lib/plural.js';
import { listModelCards, noModelError } from '../../models/cards.js';
import type { Comparison } from '../../models/compare-models.js';
import { type ComparedModel, compareWithLatest } from '../../models/compare-with-latest.js';
import { readTestedModel } from '../../models/tested-model.js';
import type { ModelCard } from '../../training/model-card-schema.js';
import { parseVersionArn } from '../../training/projects.js';
import { EXIT, helpEnd } from '../output/exit-codes.js';
import { printLine, sayLine } from '../output/terminal.js';
import { withClient } from '../services.js';

export function registerModels(program: Command): void {
  program
    .command('models')
    .description(
      "list a dataset's models and compare each with the latest on the photos that both were tested on",
    )
    .argument('<dataset>', 'name of the dataset, as `curator list` prints it')
    .option('--json', 'print the model cards with their comparisons as a JSON list')
    .addHelpText(
      'after',
      `\nScores of two models are comparable only on the same photos. Each model is compared with the latest, at the thresholds of its labels, on the photos in both validation splits.\n${helpEnd('curator models skin-2025-09')}`,
    )
    .action(models);
}

async function models(dataset: string, { json }: { json?: boolean }): Promise<void> {
  checkDatasetName(dataset);
  await withClient(async ({ store, bucket }) => {
    const { cards, unreadable } = await listModelCards(store, bucket, dataset);
    if (cards.length + unreadable.length === 0) throw noModelError(dataset);
    const listed = await compareWithLatest(cards, (card) => readTestedModel(store, bucket, card));
    const text = json ? JSON.stringify(listed) : listed.flatMap(describe).join('\n');
    if (text !== '') printLine(text);
    for (const { modelVersion, problem } of unreadable) sayLine(`${modelVersion}: ${problem}`);
    if (unreadable.length > 0) process.exitCode = EXIT.failed;
  });
}

function describe({ card, comparison, incomparable }: ComparedModel, index: number): string[] {
  const { model, evaluation, images, serviceValidation } = card;
  const validated = serviceValidation && validationText(serviceValidation);
  const project = parseVersionArn(model.projectVersionArn)?.project ?? card.dataset;
  const when = model.created ? model.created.slice(0, 16).replace('T', ' ') : 'unknown time';
  const latest = index === 0 ? ', latest' : '';
  return [
    `${model.modelVersion} (${when}${latest}; dataset version ${card.version}; project ${project})`,
    `  ${evaluation ? figures(evaluation, images) : `no evaluation: ${card.evaluationProblem}`}`,
    ...differing(evaluation),
    ...(validated ? [`  ${validated}`] : []),
    ...(comparison ? [`  ${compared(comparison)}`] : []),
    ...(incomparable ? [`  cannot be compared with the latest: ${incomparable}`] : []),
  ];
}

function differing(evaluation: ModelCard['evaluation']): string[] {
  const difference = evaluation && f1Difference(evaluation);
  return difference ? [`  ${difference}`] : [];
}

function figures(
  { f1, interval, chance, testImages, note }: NonNullable<ModelCard['evaluation']>,
  images: ModelCard['images'],
): string {
  const range = interval ? ` (${interval.low.toFixed(3)} to ${interval.high.toFixed(3)})` : '';
  const beside = chance === null ? '' : `, chance ${chance.toFixed(3)}`;
  return `F1 ${f1.toFixed(3)}${range}${beside}; ${usedImagesText(testImages, images, 'val', 'test')}${note ? ` — ${note}` : ''}`;
}

function compared({ photos, labels, f1, otherF1 }: Comparison): string {
  const [own, latest] = [f1 ?? 0, otherF1 ?? 0].map((figure) => figure.toFixed(3));
  return `on the ${plural(photos, 'photo')} that the latest was tested on too, ${plural(labels.length, 'label')}: F1 ${own}, latest ${latest}`;
}
