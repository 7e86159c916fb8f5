import type { Context } from '../context.js';
import type { Version } from '../state.js';

type Clock = Pick<Context, 'now' | 'transitionMs'>;

/** The result of a training or copy as clients see it: null until its job has ended and its minimum duration has passed. */
export function trainingEnd(version: Version, now: number): Version['end'] {
  const earliest = version.created + version.trainingMs;
  if (!version.end || now < earliest) return null;
  return { ...version.end, at: Math.max(version.end.at, earliest) };
}

/** Status and message of a version, from training or copying to starting, running, stopping and deleting. */
export function versionStatus(
  { now, transitionMs }: Clock,
  version: Version,
): { Status: string; StatusMessage: string } {
  const end = trainingEnd(version, now());
  const { model } = version;
  if (version.deleted !== null) {
    return { Status: 'DELETING', StatusMessage: 'The model is being deleted.' };
  }
  if (!end) {
    return version.source === null
      ? { Status: 'TRAINING_IN_PROGRESS', StatusMessage: 'The model is being trained.' }
      : { Status: 'COPYING_IN_PROGRESS', StatusMessage: 'The model is being copied.' };
  }
  if (!model) {
    const status = version.source === null ? end.status : end.status.replace('TRAINING', 'COPYING');
    return { Status: status, StatusMessage: end.message };
  }
  const isInTransition = now() < model.at + transitionMs;
  if (model.action === 'stop') {
    return isInTransition
      ? { Status: 'STOPPING', StatusMessage: 'The model is being stopped.' }
      : { Status: 'STOPPED', StatusMessage: 'The model has stopped.' };
  }
  if (isInTransition) return { Status: 'STARTING', StatusMessage: 'The model is being started.' };
  return model.failure === null
    ? { Status: 'RUNNING', StatusMessage: 'The model is running.' }
    : { Status: 'FAILED', StatusMessage: model.failure };
}
