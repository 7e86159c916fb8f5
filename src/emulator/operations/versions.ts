import type { Context, Operations } from '../context.js';
import { manifestOf } from '../entry-store.js';
import { ServiceException } from '../errors.js';
import type { Project, Version } from '../state.js';
import { train } from '../work.js';
import { arnWithin } from './arns.js';
import { requireIdle, requireReadable } from './dataset-status.js';
import { findOpenProject, findProject, findVersion, requireFreeName } from './find.js';
import { versionStatus } from './model-status.js';
import { page } from './paging.js';
import { parse } from './parse.js';
import * as shapes from './shapes.js';
import { describeVersion } from './version-description.js';

export function versionOperations(context: Context): Operations {
  return {
    CreateProjectVersion: (request) => createVersion(context, parse(shapes.createProjectVersion, request)),
    DescribeProjectVersions: (request) =>
      describeVersions(context, parse(shapes.describeProjectVersions, request)),
    DeleteProjectVersion: (request) =>
      deleteVersion(context, parse(shapes.ofVersion, request).ProjectVersionArn),
  };
}

function createVersion(context: Context, request: shapes.CreateProjectVersion) {
  const project = findOpenProject(context, request.ProjectArn);
  requireFreeName(project, request.VersionName);
  const created = Math.floor(context.now());
  const version: Version = {
    arn: arnWithin(project, `version/${request.VersionName}`, created),
    name: request.VersionName,
    created,
    trainingMs: context.trainingMs,
    output: request.OutputConfig,
    ...inputOf(project, request),
    description: request.VersionDescription ?? null,
    kmsKeyId: request.KmsKeyId ?? null,
    ...{ source: null, end: null, model: null, deleted: null },
  };
  if (version.testing === 'datasets') copyDatasets(context, project, version);
  project.versions.push(version);
  context.state.setTags(version.arn, request.Tags ?? {});
  context.state.countTraining();
  context.state.save();
  train(context, project, version);
  return { ProjectVersionArn: version.arn };
}

/** The input of a training: two manifests, one manifest that is split, or the project's datasets if neither is given. */
function inputOf(
  project: Project,
  { TrainingData, TestingData }: shapes.CreateProjectVersion,
): Pick<Version, 'train' | 'test' | 'testing'> {
  if (!TrainingData && !TestingData) return { train: null, test: null, testing: 'datasets' };
  const train = TrainingData?.Assets?.[0]?.GroundTruthManifest.S3Object ?? null;
  const test = TestingData?.Assets?.[0]?.GroundTruthManifest.S3Object ?? null;
  const isSplit = TestingData?.AutoCreate === true;
  if (!train || isSplit === (test !== null)) {
    throw new ServiceException(
      'InvalidParameterException',
      'Specify a training manifest and either a testing manifest or AutoCreate, or neither TrainingData nor TestingData.',
    );
  }
  if (project.datasets.length > 0) {
    throw new ServiceException(
      'InvalidParameterException',
      'The project has datasets: omit TrainingData and TestingData, or delete the datasets.',
    );
  }
  return { train, test, testing: isSplit ? 'auto-split' : 'manifest' };
}

/** Copies the datasets, since a training uses them as they are when it starts. */
function copyDatasets(context: Context, project: Project, version: Version): void {
  for (const [type, kind] of [
    ['TRAIN', 'train'],
    ['TEST', 'test'],
  ] as const) {
    const dataset = project.datasets.find((one) => one.type === type);
    if (!dataset) {
      throw new ServiceException('InvalidParameterException', `The project has no ${type} dataset.`);
    }
    requireIdle(context, dataset);
    requireReadable(context, dataset);
    context.state.writeFile(version.arn, kind, manifestOf(context.entries.read(dataset.arn)));
  }
}

function describeVersions(context: Context, request: shapes.DescribeProjectVersions) {
  const project = findProject(context, request.ProjectArn);
  const named = project.versions.filter(({ name }) => request.VersionNames?.includes(name) ?? true);
  const { items, token } = page(named.toReversed(), request);
  return {
    ProjectVersionDescriptions: items.map((version) => describeVersion(context, project, version)),
    ...token,
  };
}

const UNDELETABLE = new Set([
  'TRAINING_IN_PROGRESS',
  'COPYING_IN_PROGRESS',
  'STARTING',
  'RUNNING',
  'STOPPING',
  'DELETING',
]);

function deleteVersion(context: Context, arn: string) {
  const { version } = findVersion(context, arn);
  if (UNDELETABLE.has(versionStatus(context, version).Status)) {
    throw new ServiceException('ResourceInUseException');
  }
  version.deleted = context.now();
  context.state.save();
  return { Status: 'DELETING' };
}
