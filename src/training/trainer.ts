import {
  type Asset,
  CreateProjectVersionCommand,
  DescribeProjectsCommand,
  DescribeProjectVersionsCommand,
  InvalidParameterException,
  type ProjectVersionDescription,
  type RekognitionClient,
  ResourceInUseException,
  ResourceNotFoundException,
} from '@aws-sdk/client-rekognition';
import type { HourlyRates } from '../config/environment.js';
import type { TrainerDescription } from '../contracts/workflow-io.js';
import { EMULATOR_HEADER } from '../custom-labels/emulator-header.js';
import { TrainingError, trainerError } from './errors.js';
import { estimatedHours, HOURS_BASIS, hourlyRate } from './estimate.js';
import { assertSameManifests, type ModelVersion } from './model-version.js';
import { assertRegionAllows, type PlannedTraining, projectFields } from './planned-training.js';
import {
  createProject,
  findProject,
  parseVersionArn,
  projectsOf,
  type TrainingProject,
  trainingProject,
} from './projects.js';

export interface TrainerOptions {
  readonly rates?: HourlyRates;
  /** The key that encrypts Rekognition's copies of the images and its output; by default a key of AWS. */
  readonly kmsKeyId?: string | undefined;
  /** Tags of new projects and model versions. */
  readonly tags?: Readonly<Record<string, string>>;
  /** Returns the number of the AWS account, or null if it is unknown. Called if no project names the account. */
  readonly account?: () => Promise<string | null>;
}

/** Creates and describes projects and model versions of Rekognition Custom Labels. Every method throws TrainingError. */
export class Trainer {
  constructor(
    private readonly client: RekognitionClient,
    private readonly options: TrainerOptions = {},
  ) {}

  /**
   * Describes the service that this process uses, with the estimated cost of a training with `images` images and, for a
   * planned training, the project that it would use now.
   * @throws TrainingError `TrainerRefused` if the planned training exceeds the maximum images of the region
   */
  async describe(images: number, planned?: PlannedTraining): Promise<TrainerDescription> {
    const rate = hourlyRate('training', this.options.rates ?? {});
    const { kind, account } = await this.identify();
    const region = await this.client.config.region();
    if (planned) assertRegionAllows(region, planned);
    return {
      kind,
      account,
      region,
      hourlyRateUsd: rate.usd,
      estimatedHours: estimatedHours(images),
      basis: `${rate.source}; ${HOURS_BASIS}`,
      ...(planned ? projectFields(await this.projectFor(planned.dataset)) : {}),
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
    const account = projects[0]?.ProjectArn?.split(':')[4];
    if (emulated) return { kind: 'emulator', account: account ?? null };
    return { kind: 'rekognition', account: account ?? (await this.options.account?.()) ?? null };
  }

  /** The ARN of the project that the next training of the dataset uses. Creates it if it does not exist. */
  async ensureProject(dataset: string): Promise<string> {
    const { name, arn } = await this.projectFor(dataset);
    const found =
      arn ??
      (await createProject(this.client, name, this.options.tags)) ??
      (await findProject(this.client, name));
    return required(found, `the ARN of the project ${name}`);
  }

  private async projectFor(dataset: string): Promise<TrainingProject> {
    return trainingProject(dataset, await projectsOf(this.client, dataset));
  }

  /**
   * Starts the training of a model version and returns its ARN. Repeated calls start one training only: the API has no
   * request token, but the name of a version is unique in its project, and all projects of the dataset are searched for
   * it first. An existing version of that name is adopted if it was trained on the same manifests. The signal is ignored
   * once the billable request has been sent, because the caller must know whether the training has started.
   */
  async createModelVersion(
    model: ModelVersion & { outputPrefix: string },
    signal?: AbortSignal,
  ): Promise<string> {
    for (;;) {
      const adopted = await this.findModelVersion(model);
      if (adopted) return adopted;
      const projectArn = await this.ensureProject(model.dataset);
      signal?.throwIfAborted();
      try {
        return await this.start(projectArn, model);
      } catch (error) {
        // The project may have been given datasets, or this version, since it was chosen.
        if (!(await this.isOutdated(error, projectArn, model))) {
          throw trainerError(error, `train ${model.modelVersion}`);
        }
      }
    }
  }

  private async start(projectArn: string, model: ModelVersion & { outputPrefix: string }): Promise<string> {
    const { kmsKeyId, tags = {} } = this.options;
    const command = new CreateProjectVersionCommand({
      ProjectArn: projectArn,
      VersionName: model.modelVersion,
      OutputConfig: { S3Bucket: model.bucket, S3KeyPrefix: model.outputPrefix },
      TrainingData: { Assets: [manifest(model.bucket, model.trainManifestKey)] },
      TestingData: { Assets: [manifest(model.bucket, model.valManifestKey)], AutoCreate: false },
      ...(kmsKeyId === undefined ? {} : { KmsKeyId: kmsKeyId }),
      ...(Object.keys(tags).length === 0 ? {} : { Tags: { ...tags } }),
    });
    const { ProjectVersionArn: arn } = await this.client.send(command);
    return required(arn, 'the ARN of the model version');
  }

  /** Whether the service refused a training because of a change that another client made after the project was chosen. */
  private async isOutdated(error: unknown, projectArn: string, model: ModelVersion): Promise<boolean> {
    if (error instanceof ResourceInUseException) return (await this.findModelVersion(model)) !== undefined;
    if (!(error instanceof InvalidParameterException)) return false;
    return (await this.projectFor(model.dataset)).arn !== projectArn;
  }

  /**
   * The ARN of the model version, in any of the dataset's projects; undefined if it does not exist.
   * @throws TrainingError `TrainingNameTaken` if it was trained on other manifests
   */
  async findModelVersion(model: ModelVersion): Promise<string | undefined> {
    for (const { arn } of await projectsOf(this.client, model.dataset)) {
      const version = await this.findVersion(arn, model.modelVersion);
      if (version) {
        assertSameManifests(version, model);
        return required(version.ProjectVersionArn, 'the ARN of the model version');
      }
    }
    return undefined;
  }

  /** The service's current description of the model version with this ARN. */
  async describeVersion({
    projectVersionArn,
  }: {
    readonly projectVersionArn: string;
  }): Promise<ProjectVersionDescription> {
    const { project = '', modelVersion = '' } = parseVersionArn(projectVersionArn) ?? {};
    const projectArn = project && (await findProject(this.client, project));
    const version = projectArn && (await this.findVersion(projectArn, modelVersion));
    if (version) return version;
    throw new TrainingError(
      'TrainingFailed',
      `The model version ${projectVersionArn} no longer exists. To train it again, use --retry-training.`,
    );
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

function required(value: string | undefined, what: string): string {
  if (value === undefined)
    throw new TrainingError('TrainerRefused', `Rekognition's response lacks ${what}.`, true);
  return value;
}
