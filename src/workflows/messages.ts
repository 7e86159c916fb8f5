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
  WAITING_QUERY,
  type Waiting,
} from '../contracts/workflow-io.js';

/** Progress of an ingest run. */
export const progressQuery = defineQuery<Progress>(PROGRESS_QUERY);
/** The query of the same name on preprocessImages: more recent than the signals, which it sends once per minute. */
export const preprocessProgressQuery = defineQuery<PreprocessProgress>(PROGRESS_QUERY);
/** Of trainModel: why it waits before its next attempt to start the training; null if it does not. */
export const waitingQuery = defineQuery<Waiting | null>(WAITING_QUERY);

/** From preprocessImages or an external preprocessor to the ingest run: images done so far. */
export const preprocessProgress = defineSignal<[PreprocessProgress]>(PREPROCESS_PROGRESS_SIGNAL);
/** From the same senders: all images are preprocessed. */
export const preprocessReady = defineSignal<[PreprocessProgress]>(PREPROCESS_READY_SIGNAL);
/** From trainModel to its ingest run: the service has accepted the training. */
export const trainingStarted = defineSignal<[TrainingStarted]>(TRAINING_STARTED_SIGNAL);
/** From trainModel to its ingest run: the training has ended, its evaluation follows. */
export const trainingEnded = defineSignal(TRAINING_ENDED_SIGNAL);
/** To stopModel: let the model run until this time, in milliseconds since 1970. */
export const keepModelUntil = defineSignal<[number]>(KEEP_MODEL_SIGNAL);

/** A person's decision about the training that an ingest run waits with; returns the recorded decision. */
export const approveTraining = defineUpdate<Approval, [ApprovalRequest]>(APPROVE_UPDATE);
export const rejectTraining = defineUpdate<Approval, [ApprovalRequest]>(REJECT_UPDATE);
