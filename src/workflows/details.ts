import type { Progress } from '../contracts/workflow-io.js';

/** Markdown for the run's current details in the Temporal UI: its stages with start times and durations. */
export function stageTable(progress: Progress): string {
  const rows = progress.stages.map(({ stage, from, to }) => {
    const took = to === null ? 'running' : seconds(from, to);
    return `| ${stage} | ${from.slice(0, 19).replace('T', ' ')} | ${took} |`;
  });
  const lines = [
    `**${progress.dataset}**: ${progress.stage}`,
    '',
    '| stage | from (UTC) | took |',
    '|---|---|---|',
    ...rows,
  ];
  if (progress.version) lines.push('', `Dataset version \`${progress.version}\``);
  if (progress.training) lines.push('', `Model \`${progress.training.projectVersionArn}\``);
  if (progress.result) lines.push('', progress.result.message);
  return lines.join('\n');
}

function seconds(from: string, to: string): string {
  return `${((Date.parse(to) - Date.parse(from)) / 1000).toFixed(1)} s`;
}
