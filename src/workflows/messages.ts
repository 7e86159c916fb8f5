import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import {
  APPROVE_UPDATE,
  type Approval,
  type ApprovalRequest,
  KEEP_MODEL_SIGNAL,
  PREPROCESS_PROGRESS_SIGNAL,
  PREPROCESS_READY_SIGNAL,
  PROGRESS_QUERY,
  type PreprocessProgress,
  type Progress,
  REJECT_UPDATE,
  TRAINING_ENDED_SIGNAL,
  TRAINING_STARTED_SIGNAL,
  type TrainingStarted,
} from '../contracts/workflow-io.js';

export const progressQuery = defineQuery<Progress>(PROGRESS_QUERY);
/** The same name on the child: images done so far, fresher than what it signals once a minute. */
export const preprocessProgressQuery = defineQuery<PreprocessProgress>(PROGRESS_QUERY);

export const preprocessProgress = defineSignal<[PreprocessProgress]>(PREPROCESS_PROGRESS_SIGNAL);
export const preprocessReady = defineSignal<[PreprocessProgress]>(PREPROCESS_READY_SIGNAL);
export const trainingStarted = defineSignal<[TrainingStarted]>(TRAINING_STARTED_SIGNAL);
export const trainingEnded = defineSignal(TRAINING_ENDED_SIGNAL);
export const keepModelUntil = defineSignal<[number]>(KEEP_MODEL_SIGNAL);

export const approveTraining = defineUpdate<Approval, [ApprovalRequest]>(APPROVE_UPDATE);
export const rejectTraining = defineUpdate<Approval, [ApprovalRequest]>(REJECT_UPDATE);
