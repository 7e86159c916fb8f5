import {
  DetectCustomLabelsCommand,
  type RekognitionClient,
  ResourceInUseException,
  StartProjectVersionCommand,
  StopProjectVersionCommand,
} from '@aws-sdk/client-rekognition';
import { type Clock, realClock } from '../training/await-training.js';
import { TrainingError, trainerError } from '../training/errors.js';
import { Trainer } from '../training/trainer.js';

/** A model version, by its ARN and by the names in it. */
export interface ModelRef {
  readonly projectVersionArn: string;
  /** The project's name. */
  readonly dataset: string;
  readonly modelVersion: string;
}

/** What a model found; the box in shares of the picture's sides. */
export interface FoundLabel {
  readonly label: string;
  /** 0 to 100. */
  readonly confidence: number;
  readonly box: {
    readonly left: number;
    readonly top: number;
    readonly width: number;
    readonly height: number;
  };
}

const VERSION_ARN = /^arn:[^:]+:rekognition:[^:]+:\d{12}:project\/([^/]+)\/version\/([^/]+)\/\d+$/;

/** The names in an ARN of a model version; undefined where it is none. */
export function parseModelArn(arn: string): ModelRef | undefined {
  const [, dataset, modelVersion] = VERSION_ARN.exec(arn) ?? [];
  return dataset && modelVersion ? { projectVersionArn: arn, dataset, modelVersion } : undefined;
}

const FIRST_POLL_MS = 500;
const MAX_POLL_MS = 15_000;
/** A start or stop takes minutes; after this long something else is wrong. */
const MAX_WAIT_MS = 60 * 60_000;
/** What a model is in while it costs nothing and isn't about to. */
const AT_REST: ReadonlySet<string> = new Set(['TRAINING_COMPLETED', 'STOPPED', 'FAILED', 'EXPIRED']);

/** Starts, asks and stops a model. A running one costs money by the hour. Every method throws TrainingError. */
export class ModelRunner {
  private readonly trainer: Trainer;

  constructor(
    private readonly client: RekognitionClient,
    private readonly clock: Clock = realClock,
  ) {
    this.trainer = new Trainer(client);
  }

  async status(model: ModelRef): Promise<{ status: string; message: string }> {
    const { Status = '', StatusMessage = '' } = await this.trainer.describeVersion(model);
    return { status: Status, message: StatusMessage };
  }

  /** Whether this call started the model; false where it runs or starts already. */
  async start(model: ModelRef, signal: AbortSignal): Promise<boolean> {
    const { status } = await this.settles(model, (now) => now !== 'STOPPING', signal);
    if (status === 'RUNNING' || status === 'STARTING') return false;
    if (!AT_REST.has(status)) {
      throw new TrainingError(
        'TrainerRefused',
        `${model.projectVersionArn} can't be started: it is ${status}.`,
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

  async untilRunning(model: ModelRef, signal: AbortSignal): Promise<void> {
    const { status, message } = await this.settles(model, (now) => now !== 'STARTING', signal);
    if (status === 'RUNNING') return;
    throw new TrainingError(
      'TrainerRefused',
      `${model.projectVersionArn} did not start: ${status}${message ? `: ${message}` : ''}`,
    );
  }

  /** Stops the model, waiting for a start under way: the service refuses to stop what isn't running yet. */
  async stop(model: ModelRef, signal: AbortSignal): Promise<void> {
    const { status } = await this.settles(model, (now) => now !== 'STARTING', signal);
    if (status === 'RUNNING') {
      const command = new StopProjectVersionCommand({ ProjectVersionArn: model.projectVersionArn });
      await this.client.send(command).catch((error: unknown) => {
        // Somebody else stopped it meanwhile.
        if (error instanceof ResourceInUseException) return;
        throw trainerError(error, `stop ${model.projectVersionArn}`);
      });
    }
    const end = await this.settles(model, (now) => now !== 'STOPPING' && now !== 'RUNNING', signal);
    if (!AT_REST.has(end.status)) {
      throw new TrainingError(
        'TrainerRefused',
        `${model.projectVersionArn} was told to stop but is ${end.status}.`,
        true,
      );
    }
  }

  /** What the model finds at its own thresholds; `picture` is a JPEG or PNG of at most 4 MB. */
  async detect(model: ModelRef, picture: Buffer): Promise<FoundLabel[]> {
    const command = new DetectCustomLabelsCommand({
      ProjectVersionArn: model.projectVersionArn,
      Image: { Bytes: picture },
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

  /** Polls until `settled`; throttling and outages are waited out. */
  private async settles(
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
          `${model.projectVersionArn} has been ${seen?.status ?? 'unreachable'} for an hour. Look in the Rekognition console, and stop it there: it may cost money.`,
          true,
        );
      }
      await this.clock.sleep(poll, signal);
    }
  }
}
