import { setTimeout as delay } from 'node:timers/promises';
import { StorageError } from '../../storage/errors.js';
import type { ObjectStore } from '../../storage/object-store.js';
import { ServiceException } from './errors.js';
import { outputKeys } from './output-files.js';
import * as shapes from './shapes.js';
import type { Project, State, Version } from './state.js';
import { type JobEnd, runTraining } from './training-job.js';

export interface ServiceOptions {
  readonly state: State;
  readonly store: ObjectStore;
  readonly region: string;
  /** How long a training is TRAINING_IN_PROGRESS at least. */
  readonly trainingMs: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly log: (message: string) => void;
}

/** An account of its own, so that nobody takes an ARN for one that is billed. */
const ACCOUNT = '000000000000';
/** A training outlasts a restart of S3: it tries again this often, for ten minutes. */
const S3_PAUSE_MS = 2_000;
const S3_ATTEMPTS = 300;
const SERVICE_ISSUE: JobEnd = {
  status: 'TRAINING_FAILED',
  message: 'Amazon Rekognition experienced a service issue.',
  f1: null,
  validated: false,
};

/** The emulated operations; each takes the request's JSON and answers the response's. */
export class RekognitionService {
  readonly operations: Readonly<Record<string, (request: unknown) => unknown>> = {
    CreateProject: (request) => this.createProject(shapes.parse(shapes.createProject, request)),
    DescribeProjects: (request) => this.describeProjects(shapes.parse(shapes.describeProjects, request)),
    DeleteProject: (request) => this.deleteProject(shapes.parse(shapes.deleteProject, request)),
    CreateProjectVersion: (request) => this.createVersion(shapes.parse(shapes.createProjectVersion, request)),
    DescribeProjectVersions: (request) =>
      this.describeVersions(shapes.parse(shapes.describeProjectVersions, request)),
    DeleteProjectVersion: (request) => this.deleteVersion(shapes.parse(shapes.deleteProjectVersion, request)),
  };

  private readonly jobs = new Set<Promise<void>>();
  private readonly stopping = new AbortController();

  constructor(private readonly options: ServiceOptions) {
    for (const project of this.state.projects) {
      for (const version of project.versions) if (!version.end) this.train(project, version);
    }
  }

  get trainingsStarted(): number {
    return this.state.trainingsStarted;
  }

  private get state(): State {
    return this.options.state;
  }

  private createProject({ ProjectName: name }: shapes.CreateProject) {
    if (this.state.projects.some((project) => project.name === name)) {
      throw new ServiceException('ResourceInUseException');
    }
    const created = this.options.now();
    const arn = `arn:aws:rekognition:${this.options.region}:${ACCOUNT}:project/${name}/${created}`;
    this.state.projects.push({ name, arn, created, versions: [] });
    this.state.save();
    return { ProjectArn: arn };
  }

  private describeProjects(request: shapes.DescribeProjects) {
    const named = this.state.projects.filter(({ name }) => request.ProjectNames?.includes(name) ?? true);
    const { items, token } = page(named, request);
    return {
      ProjectDescriptions: items.map(({ arn, created }) => ({
        ProjectArn: arn,
        CreationTimestamp: created / 1000,
        Status: 'CREATED',
        Feature: 'CUSTOM_LABELS',
      })),
      ...token,
    };
  }

  private deleteProject({ ProjectArn: arn }: shapes.DeleteProject) {
    if (this.project(arn).versions.length > 0) throw new ServiceException('ResourceInUseException');
    this.state.removeProject(arn);
    this.state.save();
    return { Status: 'DELETING' };
  }

  private createVersion(request: shapes.CreateProjectVersion) {
    const project = this.project(request.ProjectArn);
    if (project.versions.some(({ name }) => name === request.VersionName)) {
      throw new ServiceException('ResourceInUseException');
    }
    const train = request.TrainingData?.Assets?.[0]?.GroundTruthManifest.S3Object;
    const test = request.TestingData?.Assets?.[0]?.GroundTruthManifest.S3Object;
    if (!train || !test)
      throw new ServiceException('InvalidParameterException', 'Give one training and one testing manifest.');
    const created = this.options.now();
    const version: Version = {
      arn: `${project.arn.slice(0, project.arn.lastIndexOf('/'))}/version/${request.VersionName}/${created}`,
      name: request.VersionName,
      created,
      trainingMs: this.options.trainingMs,
      output: request.OutputConfig,
      train,
      test,
      end: null,
    };
    project.versions.push(version);
    this.state.countTraining();
    this.state.save();
    this.train(project, version);
    return { ProjectVersionArn: version.arn };
  }

  private describeVersions(request: shapes.DescribeProjectVersions) {
    const project = this.project(request.ProjectArn);
    const named = project.versions.filter(({ name }) => request.VersionNames?.includes(name) ?? true);
    const { items, token } = page(named.toReversed(), request);
    return { ProjectVersionDescriptions: items.map((version) => this.describe(project, version)), ...token };
  }

  private deleteVersion({ ProjectVersionArn: arn }: shapes.DeleteProjectVersion) {
    const project = this.state.projects.find(({ versions }) =>
      versions.some((version) => version.arn === arn),
    );
    const version = project?.versions.find((one) => one.arn === arn);
    if (!project || !version) throw new ServiceException('ResourceNotFoundException');
    if (!this.endOf(version)) throw new ServiceException('ResourceInUseException');
    project.versions.splice(project.versions.indexOf(version), 1);
    this.state.save();
    return { Status: 'DELETING' };
  }

  private describe(project: Project, version: Version) {
    const end = this.endOf(version);
    const keys = outputKeys(project, version);
    const bucket = version.output.S3Bucket;
    const object = (Name: string) => ({ S3Object: { Bucket: bucket, Name } });
    const assets = (s3Object: Version['train'] | undefined) =>
      s3Object ? [{ GroundTruthManifest: { S3Object: s3Object } }] : [];
    const data = (input: Version['train'], output: string, validation: string) => ({
      Input: { Assets: assets(input), AutoCreate: false },
      ...(end?.status === 'TRAINING_COMPLETED'
        ? { Output: { Assets: assets({ Bucket: bucket, Name: output }), AutoCreate: false } }
        : {}),
      ...(end?.validated ? { Validation: { Assets: assets({ Bucket: bucket, Name: validation }) } } : {}),
    });
    return {
      ProjectVersionArn: version.arn,
      CreationTimestamp: version.created / 1000,
      Status: end?.status ?? 'TRAINING_IN_PROGRESS',
      StatusMessage: end?.message ?? 'The model is being trained.',
      OutputConfig: version.output,
      TrainingDataResult: data(version.train, keys.trainGroundTruth, keys.trainValidation),
      TestingDataResult: data(version.test, keys.testGroundTruth, keys.testValidation),
      ...(end ? { TrainingEndTimestamp: end.at / 1000 } : {}),
      ...(end?.validated ? { ManifestSummary: object(keys.manifestSummary) } : {}),
      ...(end?.status === 'TRAINING_COMPLETED'
        ? {
            BillableTrainingTimeInSeconds: Math.round((end.at - version.created) / 1000),
            EvaluationResult: { F1Score: end.f1, Summary: object(keys.evaluation) },
          }
        : {}),
    };
  }

  /** The end of a training that clients may see: once its work is done and its time is over. */
  private endOf(version: Version): Version['end'] {
    const earliest = version.created + version.trainingMs;
    if (!version.end || this.options.now() < earliest) return null;
    return { ...version.end, at: Math.max(version.end.at, earliest) };
  }

  private project(arn: string): Project {
    const project = this.state.projects.find((one) => one.arn === arn);
    if (!project) throw new ServiceException('ResourceNotFoundException');
    return project;
  }

  private train(project: Project, version: Version): void {
    const job = this.outcomeOf(project, version)
      .then((end) => {
        if (!end) return;
        version.end = { ...end, at: this.options.now() };
        this.state.save();
      })
      .finally(() => this.jobs.delete(job));
    this.jobs.add(job);
  }

  /** What a training comes to; undefined where the emulator stops first, and takes it up at its next start. */
  private async outcomeOf(project: Project, version: Version): Promise<JobEnd | undefined> {
    const { store, now, log } = this.options;
    const { signal } = this.stopping;
    for (let attempt = 1; !signal.aborted; attempt++) {
      try {
        return await runTraining(store, project, version, now, signal);
      } catch (error) {
        if (signal.aborted) return undefined;
        log(`training ${version.arn}: ${error instanceof Error ? error.stack : String(error)}`);
        const isAway = error instanceof StorageError && error.retryable;
        if (!isAway || attempt === S3_ATTEMPTS) return SERVICE_ISSUE;
        await delay(S3_PAUSE_MS, undefined, { signal }).catch(() => undefined);
      }
    }
    return undefined;
  }

  /** Leaves trainings where they are. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.idle();
  }

  /** Resolves once no training's work is under way; for tests with a clock of their own. */
  async idle(): Promise<void> {
    await Promise.all(this.jobs);
  }
}

const TOKEN = /^offset-(\d+)$/;

function page<T>(
  all: readonly T[],
  { NextToken, MaxResults = 100 }: { NextToken?: string | undefined; MaxResults?: number | undefined },
): { items: T[]; token: { NextToken?: string } } {
  const start = NextToken === undefined ? 0 : Number(TOKEN.exec(NextToken)?.[1]);
  if (!Number.isInteger(start) || start > all.length)
    throw new ServiceException('InvalidPaginationTokenException');
  const end = start + MaxResults;
  return { items: all.slice(start, end), token: end < all.length ? { NextToken: `offset-${end}` } : {} };
}
