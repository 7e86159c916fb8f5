import {
  type Asset,
  CreateProjectCommand,
  CreateProjectVersionCommand,
  DescribeProjectsCommand,
  DescribeProjectVersionsCommand,
  type ProjectVersionDescription,
  type RekognitionClient,
  ResourceInUseException,
  ResourceNotFoundException,
} from '@aws-sdk/client-rekognition';
import type { HourlyRates } from '../config/environment.js';
import type { TrainerDescription } from '../contracts/workflow-io.js';
import { EMULATOR_HEADER } from '../custom-labels/emulator-header.js';
import { s3Uri } from '../lib/s3-uri.js';
import { TrainingError, trainerError } from './errors.js';
import { estimatedHours, HOURS_BASIS, hourlyRate } from './estimate.js';
import { manifestLocation } from './s3-object.js';

/** The name of a model version and its manifests. */
export interface ModelVersion {
  readonly bucket: string;
  /** Name of the dataset and of its Rekognition project. */
  readonly dataset: string;
  readonly modelVersion: string;
  readonly trainManifestKey: string;
  readonly valManifestKey: string;
}

/** Creates and describes projects and model versions of Rekognition Custom Labels. Every method throws TrainingError. */
export class Trainer {
  constructor(
    private readonly client: RekognitionClient,
    private readonly rates: HourlyRates = {},
  ) {}

  /** Describes the service that this process uses, with the estimated cost of a training with `images` images. */
  async describe(images: number): Promise<TrainerDescription> {
    const rate = hourlyRate('training', this.rates);
    const { kind, account } = await this.identify();
    return {
      kind,
      account,
      region: await this.client.config.region(),
      hourlyRateUsd: rate.usd,
      estimatedHours: estimatedHours(images),
      basis: `${rate.source}; ${HOURS_BASIS}`,
    };
  }

  /** Whether the service is AWS or an emulator. */
  async kind(): Promise<TrainerDescription['kind']> {
    return (await this.identify()).kind;
  }

  private async identify(): Promise<Pick<TrainerDescription, 'kind' | 'account'>> {
    const command = new DescribeProjectsCommand({ MaxResults: 1 });
    let emulated = false;
    command.middlewareStack.add(
      (next) => async (args) => {
        const result = await next(args);
        const { headers } = result.response as { headers?: Record<string, string> };
        emulated = headers?.[EMULATOR_HEADER] !== undefined;
        return result;
      },
      { step: 'deserialize', name: 'curatorEmulatorHeader' },
    );
    const { ProjectDescriptions: projects = [] } = await this.call('list projects', () =>
      this.client.send(command),
    );
    return {
      kind: emulated ? 'emulator' : 'rekognition',
      account: projects[0]?.ProjectArn?.split(':')[4] ?? null,
    };
  }

  /** The ARN of the dataset's project. Creates the project if it does not exist. */
  async ensureProject(dataset: string): Promise<string> {
    const existing = await this.findProject(dataset);
    if (existing) return existing;
    try {
      const { ProjectArn: arn } = await this.client.send(new CreateProjectCommand({ ProjectName: dataset }));
      return required(arn, 'the ARN of the project');
    } catch (error) {
      const raced = error instanceof ResourceInUseException ? await this.findProject(dataset) : undefined;
      if (raced) return raced;
      throw trainerError(error, `create the project ${dataset}`);
    }
  }

  /**
   * Starts the training of a model version and returns its ARN. Repeated calls start one training only: the API has no
   * request token, but the name of a version is unique in its project. An existing version of that name is adopted if
   * it was trained on the same manifests. The signal is ignored once the billable request has been sent, because the
   * caller must know whether the training has started.
   */
  async createModelVersion(
    model: ModelVersion & { outputPrefix: string },
    signal?: AbortSignal,
  ): Promise<string> {
    const projectArn = await this.ensureProject(model.dataset);
    const command = new CreateProjectVersionCommand({
      ProjectArn: projectArn,
      VersionName: model.modelVersion,
      OutputConfig: { S3Bucket: model.bucket, S3KeyPrefix: model.outputPrefix },
      TrainingData: { Assets: [manifest(model.bucket, model.trainManifestKey)] },
      TestingData: { Assets: [manifest(model.bucket, model.valManifestKey)], AutoCreate: false },
    });
    signal?.throwIfAborted();
    try {
      const { ProjectVersionArn: arn } = await this.client.send(command);
      return required(arn, 'the ARN of the model version');
    } catch (error) {
      if (!(error instanceof ResourceInUseException))
        throw trainerError(error, `train ${model.modelVersion}`);
      const adopted = await this.findModelVersion(model);
      if (adopted) return adopted;
      throw trainerError(error, `train ${model.modelVersion}`);
    }
  }

  /**
   * The ARN of the model version; undefined if it does not exist.
   * @throws TrainingError `TrainingNameTaken` if it was trained on other manifests
   */
  async findModelVersion(model: ModelVersion): Promise<string | undefined> {
    const projectArn = await this.findProject(model.dataset);
    const version = projectArn && (await this.findVersion(projectArn, model.modelVersion));
    if (!version) return undefined;
    const train = version.TrainingDataResult?.Input?.Assets?.[0];
    const test = version.TestingDataResult?.Input?.Assets?.[0];
    const expected = [
      manifest(model.bucket, model.trainManifestKey),
      manifest(model.bucket, model.valManifestKey),
    ];
    if (location(train) !== location(expected[0]) || location(test) !== location(expected[1])) {
      throw new TrainingError(
        'TrainingNameTaken',
        `The model version ${version.ProjectVersionArn} has the name of this training but was trained on ${location(train)} and ${location(test)}. To train under a new name, use --retry-training.`,
      );
    }
    return required(version.ProjectVersionArn, 'the ARN of the model version');
  }

  /** The service's current description of the model version. */
  async describeVersion(
    model: Pick<ModelVersion, 'dataset' | 'modelVersion'>,
  ): Promise<ProjectVersionDescription> {
    const projectArn = await this.findProject(model.dataset);
    const version = projectArn && (await this.findVersion(projectArn, model.modelVersion));
    if (version) return version;
    throw new TrainingError(
      'TrainingFailed',
      `The model version ${model.modelVersion} of project ${model.dataset} no longer exists. To train it again, use --retry-training.`,
    );
  }

  private async findProject(name: string): Promise<string | undefined> {
    const command = new DescribeProjectsCommand({ ProjectNames: [name] });
    const { ProjectDescriptions: projects = [] } = await this.call('list projects', () =>
      this.client.send(command),
    );
    return projects[0]?.ProjectArn;
  }

  private async findVersion(
    projectArn: string,
    name: string,
  ): Promise<ProjectVersionDescription | undefined> {
    const command = new DescribeProjectVersionsCommand({ ProjectArn: projectArn, VersionNames: [name] });
    try {
      const { ProjectVersionDescriptions: versions = [] } = await this.client.send(command);
      return versions[0];
    } catch (error) {
      if (error instanceof ResourceNotFoundException) return undefined;
      throw trainerError(error, `describe the model version ${name}`);
    }
  }

  private async call<T>(action: string, send: () => Promise<T>): Promise<T> {
    try {
      return await send();
    } catch (error) {
      throw trainerError(error, action);
    }
  }
}

function manifest(bucket: string, key: string): Asset {
  return { GroundTruthManifest: { S3Object: { Bucket: bucket, Name: key } } };
}

function location(asset: Asset | undefined): string {
  const found = manifestLocation(asset);
  return found ? s3Uri(found) : 'no manifest';
}

function required(value: string | undefined, what: string): string {
  if (value === undefined)
    throw new TrainingError('TrainerRefused', `Rekognition's response lacks ${what}.`, true);
  return value;
}
