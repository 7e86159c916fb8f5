import { byCodePoint } from '../../src/lib/order.js';
import type { Recovery } from './recovery.js';
import type { Outcome } from './scenario.js';

/** Under which a chaos run was made. */
interface Circumstances {
  readonly minutes: number;
  readonly seed: number;
  readonly machine: string;
  /** In ISO 8601. */
  readonly date: string;
  /** Names of scenarios without a run, with the reason. */
  readonly notPlayed: readonly string[];
}

/** The document with the figures of a chaos run. */
export function reliabilityDocument(
  outcomes: readonly Outcome[],
  { minutes, seed, machine, date, notPlayed }: Circumstances,
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

This page is written by \`npm run chaos -- --minutes 30 --write\`. It shows what becomes of runs whose services fail. Every run uses two
workers, shared by five runs at once, and an emulator of Rekognition that throttles 13 % and fails 5 % of calls, half of the latter after
they took effect. \`--only <pattern>\` chooses disturbances by their name.

Figures of ${date}: ${minutes} minutes, seed ${seed}, ${machine}.

| disturbance | runs | disturbances | fewest that a run met | ended as done, same bytes, one training | repeated batches | seconds per run: median, longest |
| --- | --- | --- | --- | --- | --- | --- |
${rows.join('\n')}

Same bytes: both manifests, labels, the list of images, \`validation_report.json\`, \`report.html\` and every preprocessed image equal
those of an undisturbed run. One training: the service has one model version of the dataset.

## Recovery from a killed worker

Time from SIGKILL until Temporal offers the activity to workers again, and until a worker runs it or it has ended. Temporal is not told
that a worker was killed, so the former is the heartbeat timeout or start-to-close timeout of the activity. The latter includes the time
behind activities of other runs in the queue.

| activity | killed while running | offered again: p50, p95 | runs again: p50, p95 |
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

${notPlayed.map((text) => `- ${text}\n`).join('')}- Jumps of the clock of Temporal and S3, which libfaketime does not reach, and of the emulator.
- A step that loses three workers: its run ends by design, because its data may be the reason. Steps that lost two are spared.
`;
}

function row(name: string, outcomes: readonly Outcome[]): string {
  const sum = (count: (outcome: Outcome) => number) => outcomes.reduce((total, one) => total + count(one), 0);
  const runs = sum((one) => one.runs);
  const seconds = outcomes.flatMap((one) => one.seconds);
  const fewest = outcomes.flatMap((one) => one.fewest ?? []);
  const cells = [
    ...[name, runs, sum((one) => one.disturbances), fewest.length === 0 ? '–' : Math.min(...fewest)],
    ...[`${sum((one) => one.held)} of ${runs}`, sum((one) => one.repeatedBatches)],
    `${fixed(quantile(seconds, 0.5))}, ${fixed(quantile(seconds, 1))}`,
  ];
  return `| ${cells.join(' | ')} |`;
}

function recoveryRow(activity: string, recoveries: readonly Recovery[]): string {
  const seconds = (of: (recovery: Recovery) => number) => {
    const values = recoveries.map((recovery) => of(recovery) / 1000);
    return `${fixed(quantile(values, 0.5))} s, ${fixed(quantile(values, 0.95))} s`;
  };
  return `| ${activity} | ${recoveries.length} | ${seconds((one) => one.offeredMs)} | ${seconds((one) => one.ms)} |`;
}

/** The smallest value that is not below a share of all values; NaN if there is none. */
function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

const fixed = (value: number) => (Number.isFinite(value) ? value.toFixed(1) : '–');
