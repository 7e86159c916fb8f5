import { byCodePoint } from '../../src/lib/order.js';
import type { Outcome } from './scenario.js';

/** The document with the figures of a chaos run. */
export function reliabilityDocument(
  outcomes: readonly Outcome[],
  { minutes, seed, machine, date }: { minutes: number; seed: number; machine: string; date: string },
): string {
  const scenarios = [...new Set(outcomes.map(({ scenario }) => scenario))];
  const rows = scenarios.map((name) =>
    row(
      name,
      outcomes.filter(({ scenario }) => scenario === name),
    ),
  );
  const recoveries = outcomes.flatMap(({ recoveries: all }) => all);
  const activities = [...new Set(recoveries.map(({ activity }) => activity))].sort(byCodePoint);
  const violations = outcomes.flatMap(({ scenario, violations: all }) =>
    all.map((text) => `- ${scenario}: ${text}`),
  );
  return `# Reliability

This page is written by \`npm run chaos -- --write\`; \`--minutes 60\` reaches all disturbances. It shows what becomes of runs whose services fail. Every run
uses two workers and an emulator of Rekognition that throttles 13 % and fails 5 % of calls, half of the latter after they took effect.

Figures of ${date}: ${minutes} minutes, seed ${seed}, ${machine}.

| disturbance | runs | disturbances | ended as done, same bytes, one training | repeated batches | seconds per run: median, longest |
| --- | --- | --- | --- | --- | --- |
${rows.join('\n')}

Same bytes: both manifests, labels, the list of images, \`validation_report.json\`, \`report.html\` and every preprocessed image equal
those of an undisturbed run. One training: the service has one model version of the dataset.

## Recovery from a killed worker

Time from SIGKILL until another worker runs the activity again, or the activity has ended. It is the heartbeat timeout or
start-to-close timeout of the activity, since Temporal is not told that a worker was killed.

| activity | killed while running | p50 | p95 |
| --- | --- | --- | --- |
${[
  ...activities.map((activity) =>
    recoveryRow(
      activity,
      recoveries.filter((one) => one.activity === activity),
    ),
  ),
  recoveryRow('all', recoveries),
].join('\n')}

## Violations

${violations.length === 0 ? 'None.' : violations.join('\n')}

## Not covered

- A full disk: it needs a file system of limited size, which takes root to create.
- Jumps of the clock: they need libfaketime or root.
`;
}

function row(name: string, outcomes: readonly Outcome[]): string {
  const sum = (count: (outcome: Outcome) => number) => outcomes.reduce((total, one) => total + count(one), 0);
  const runs = sum((one) => one.runs);
  const broken = new Set(outcomes.flatMap(({ violations }) => violations.map((text) => text.split(':')[0])))
    .size;
  const seconds = outcomes.flatMap((one) => one.seconds);
  return `| ${name} | ${runs} | ${sum((one) => one.disturbances)} | ${runs - broken} of ${runs} | ${sum((one) => one.repeatedBatches)} | ${fixed(quantile(seconds, 0.5))}, ${fixed(quantile(seconds, 1))} |`;
}

function recoveryRow(activity: string, recoveries: readonly { readonly ms: number }[]): string {
  const seconds = recoveries.map(({ ms }) => ms / 1000);
  return `| ${activity} | ${seconds.length} | ${fixed(quantile(seconds, 0.5))} s | ${fixed(quantile(seconds, 0.95))} s |`;
}

/** The smallest value that is not below a share of all values; NaN if there is none. */
function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

const fixed = (value: number) => (Number.isNaN(value) ? '–' : value.toFixed(1));
