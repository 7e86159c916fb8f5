import { OBJECT_KIND_NAMES } from '../../deletion/kinds.js';
import type { DeletionPlan } from '../../deletion/plan.js';
import { plural } from '../../lib/plural.js';

const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;

/** What the deletion of a dataset would delete, and what would stay. */
export function deletionText(plan: DeletionPlan): string {
  const lines = plan.objects.map(
    ({ kind, count, bytes }) =>
      `  ${OBJECT_KIND_NAMES[kind].padEnd(20)} ${plural(count, 'object').padStart(16)} ${megabytes(bytes).padStart(14)}`,
  );
  return [`This deletes ${plan.dataset}:`, ...lines, ...remaining(plan)].join('\n');
}

/** What was deleted, and what stays. */
export function deletedText(deleted: DeletionPlan): string {
  const count = deleted.objects.reduce((sum, one) => sum + one.count, 0);
  const bytes = deleted.objects.reduce((sum, one) => sum + one.bytes, 0);
  return [
    `${deleted.dataset} is deleted: ${plural(count, 'object')}, ${megabytes(bytes)}.`,
    ...remaining(deleted),
  ].join('\n');
}

function remaining({ models, unreadable }: DeletionPlan): string[] {
  const paid = models.filter(({ trainer }) => trainer === 'rekognition');
  const emulated = models.length - paid.length;
  return [
    ...(paid.length === 0 ? [] : [`${plural(paid.length, 'Rekognition model')} not deleted. To delete:`]),
    ...paid.map(
      ({ projectVersionArn }) =>
        `  aws rekognition delete-project-version --project-version-arn ${projectVersionArn}`,
    ),
    ...(emulated === 0 ? [] : [`${plural(emulated, 'model')} of the emulator not deleted.`]),
    ...unreadable.map(
      ({ modelVersion }) =>
        `The model card ${modelVersion} cannot be read, so the ARN of its model is unknown.`,
    ),
    'Temporal keeps the histories of the runs until the retention of its namespace ends.',
  ];
}
