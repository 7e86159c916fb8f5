import {
  DetectCustomLabelsCommand,
  type RekognitionClient,
  ResourceInUseException,
  StartProjectVersionCommand,
  StopProjectVersionCommand,
} from '@aws-sdk/client-rekognition';
import { type Clock, realClock } from '../training/await-training.js';
import { TrainingError, trainerError } from '../training/errors.js';
import { datasetOfProject, parseVersionArn } from '../training/projects.js';
import { Trainer } from '../training/trainer.js';

/** A model version: its ARN, its name and its dataset. */
export interface ModelRef {
  readonly projectVersionArn: string;
  /** Name of the dataset, which the name of the project starts with. */
  readonly dataset: string;
  readonly modelVersion: string;
}

/** A detection. The box is in shares of the image's width and height (0 to 1). */
export interface FoundLabel {
  readonly label: string;
  /** Confidence in percent, 0 to 100. */
  readonly confidence: number;
  readonly box: {
    readonly left: number;
    readonly top: number;
    readonly width: number;
    readonly height: number;
  };
}

/** Parses the ARN of a model version; undefined if it is not one. */
export function parseModelArn(arn: string): ModelRef | undefined {
  const names = parseVersionArn(arn);
  if (!names) return undefined;
  const { project, modelVersion } = names;
  return { projectVersionArn: arn, dataset: datasetOfProject(project), modelVersion };
}

const FIRST_POLL_MS = 500;
const MAX_POLL_MS = 15_000;
/** A start or stop takes minutes; after an hour it is reported as an error. */
const MAX_WAIT_MS = 60 * 60_000;
/** States in which a model costs nothing. */
const AT_REST: ReadonlySet<string> = new Set([
  'TRAINING_COMPLETED',
  'COPYING_COMPLETED',
  'STOPPED',
  'FAILED',
  'EXPIRED',
]);

/** Starts and stops a model and detects with it. A running model costs money per hour. Every method throws TrainingError. */
export class ModelRunner {
  private readonly trainer: Trainer;

  constructor(
    private readonly client: RekognitionClient,
    private readonly clock: Clock = realClock,
  ) {
    this.trainer = new Trainer(client);
  }

  /** The current status of the model and the service's message about it. */
  async status(model: ModelRef): Promise<{ status: string; message: string }> {
    const { Status = '', StatusMessage = '' } = await this.trainer.describeVersion(model);
    return { status: Status, message: StatusMessage };
  }

  /** Starts the model. @returns false if it is already running or starting */
  async start(model: ModelRef, signal: AbortSignal): Promise<boolean> {
    const { status } = await this.waitFor(model, (current) => current !== 'STOPPING', signal);
    if (status === 'RUNNING' || status === 'STARTING') return false;
    if (!AT_REST.has(status)) {
      throw new TrainingError(
        'TrainerRefused',
        `${model.projectVersionArn} cannot be started: its status is ${status}.`,
      );
    }
    signal.throwIfAborted();
    const command = new StartProjectVersionCommand({
      ProjectVersionArn: model.projectVersionArn,
      MinInferenceUnits: 1,
    });
    try {
      await this.client.send(command);
      return true;
    } catch (error) {
      if (error instanceof ResourceInUseException) return false;
      throw trainerError(error, `start ${model.projectVersionArn}`);
    }
  }

  /** Waits until a starting model is running. */
  async untilRunning(model: ModelRef, signal: AbortSignal): Promise<void> {
    const { status, message } = await this.waitFor(model, (current) => current !== 'STARTING', signal);
    if (status === 'RUNNING') return;
    throw new TrainingError(
      'TrainerRefused',
      `${model.projectVersionArn} did not start: ${status}${message ? `: ${message}` : ''}`,
    );
  }

  /** Stops the model. Waits for a start in progress first, because the service only stops running models. */
  async stop(model: ModelRef, signal: AbortSignal): Promise<void> {
    const { status } = await this.waitFor(model, (current) => current !== 'STARTING', signal);
    if (status === 'RUNNING') {
      const command = new StopProjectVersionCommand({ ProjectVersionArn: model.projectVersionArn });
      await this.client.send(command).catch((error: unknown) => {
        // Another client has stopped it.
        if (error instanceof ResourceInUseException) return;
        throw trainerError(error, `stop ${model.projectVersionArn}`);
      });
    }
    const end = await this.waitFor(
      model,
      (current) => current !== 'STOPPING' && current !== 'RUNNING',
      signal,
    );
    if (!AT_REST.has(end.status)) {
      throw new TrainingError(
        'TrainerRefused',
        `${model.projectVersionArn} did not stop: its status is ${end.status}.`,
        true,
      );
    }
  }

  /**
   * Detects objects. `picture` is a JPEG or PNG, maximum 4 MB. `minConfidence` in percent, 0 to 100, replaces the
   * thresholds that the model has for its classes.
   */
  async detect(model: ModelRef, picture: Buffer, minConfidence?: number): Promise<FoundLabel[]> {
    const command = new DetectCustomLabelsCommand({
      ProjectVersionArn: model.projectVersionArn,
      Image: { Bytes: picture },
      ...(minConfidence === undefined ? {} : { MinConfidence: minConfidence }),
    });
    const { CustomLabels: labels = [] } = await this.client.send(command).catch((error: unknown) => {
      throw trainerError(error, `detect with ${model.projectVersionArn}`);
    });
    return labels.map(({ Name = '', Confidence = 0, Geometry }) => {
      const { Left = 0, Top = 0, Width = 1, Height = 1 } = Geometry?.BoundingBox ?? {};
      return {
        label: Name,
        confidence: Confidence,
        box: { left: Left, top: Top, width: Width, height: Height },
      };
    });
  }

  /** Polls until `settled` accepts the status. Throttling and outages are retried for up to an hour. */
  private async waitFor(
    model: ModelRef,
    settled: (status: string) => boolean,
    signal: AbortSignal,
  ): Promise<{ status: string; message: string }> {
    const deadline = this.clock.now() + MAX_WAIT_MS;
    for (let poll = FIRST_POLL_MS; ; poll = Math.min(MAX_POLL_MS, poll * 1.5)) {
      const seen = await this.status(model).catch((error: unknown) => {
        if (error instanceof TrainingError && error.retryable && this.clock.now() < deadline)
          return undefined;
        throw error;
      });
      if (seen && settled(seen.status)) return seen;
      if (this.clock.now() >= deadline) {
        throw new TrainingError(
          'TrainerRefused',
          `${model.projectVersionArn} has been ${seen?.status ?? 'unreachable'} for an hour. It may cost money: check it in the Rekognition console and stop it there.`,
          true,
        );
      }
      await this.clock.sleep(poll, signal);
    }
  }
}
