import type { Progress } from '../contracts/workflow-io.js';
import { durationText } from '../lib/duration-text.js';

/**
 * Markdown for the run's current details in Temporal's UI: its upload, what it waits for, its stages with durations, and
 * its outcome. Lists, because the UI does not draw the columns of tables. Text between lists, which would else be one.
 */
export function runDetails(progress: Progress): string {
  const { dataset, stage, upload, version, training, result } = progress;
  const stages = progress.stages.map(
    ({ stage: name, from, to }) => `- ${name}: ${to === null ? `since ${minute(from)}` : took(from, to)}`,
  );
  return [
    `**${dataset}**: ${stage}`,
    ...(progress.approval ? ['', ...waitText(progress)] : []),
    ...(result ? ['', result.message] : []),
    '',
    'Stages:',
    '',
    ...stages,
    '',
    'Data:',
    '',
    `- Upload: \`${upload.key}\`, ${(upload.bytes / 1e6).toFixed(1)} MB`,
    ...(version ? [`- Dataset version: \`${version}\``] : []),
    ...(training ? [`- Model: \`${training.projectVersionArn}\``] : []),
  ].join('\n');
}

/** Why the run waits for a person, and how that person decides. */
function waitText({ dataset, approval }: Progress): string[] {
  const { kind, estimatedHours = 0, hourlyRateUsd = 0 } = approval?.trainer ?? {};
  const cost = (estimatedHours * hourlyRateUsd).toFixed(2);
  const estimate =
    kind === 'emulator'
      ? 'The settings require approval before the training.'
      : `The training takes about ${estimatedHours} h and costs about US$ ${cost}, so a person decides.`;
  return [
    `${estimate} Decide on Curator's page, or in a terminal:`,
    '',
    `- \`curator approve ${dataset}\``,
    `- \`curator reject ${dataset} --note "why"\``,
  ];
}

/** `2026-01-05 09:12 UTC` */
const minute = (iso: string) => `${iso.slice(0, 16).replace('T', ' ')} UTC`;

function took(from: string, to: string): string {
  return durationText((Date.parse(to) - Date.parse(from)) / 1000);
}
