import type { Context, Operations } from '../context.js';
import { ServiceException } from '../errors.js';
import type { Project } from '../state.js';
import { projectArn } from './arns.js';
import { datasetStatus } from './dataset-status.js';
import { findProject, sweep } from './find.js';
import { page } from './paging.js';
import { parse } from './parse.js';
import * as shapes from './shapes.js';

export function projectOperations(context: Context): Operations {
  return {
    CreateProject: (request) => createProject(context, parse(shapes.createProject, request)),
    DescribeProjects: (request) => describeProjects(context, parse(shapes.describeProjects, request)),
    DeleteProject: (request) => deleteProject(context, parse(shapes.ofProject, request).ProjectArn),
  };
}

function createProject(context: Context, request: shapes.CreateProject) {
  const { state, region, now } = context;
  sweep(context);
  const name = request.ProjectName;
  if (request.Feature === 'CONTENT_MODERATION') {
    throw new ServiceException('InvalidParameterException', 'CONTENT_MODERATION projects are not emulated.');
  }
  if (request.AutoUpdate !== undefined) {
    throw new ServiceException(
      'InvalidParameterException',
      'AutoUpdate is supported for CONTENT_MODERATION only.',
    );
  }
  if (state.projects.some((project) => project.name === name)) {
    throw new ServiceException('ResourceInUseException');
  }
  const created = Math.floor(now());
  const arn = projectArn(region, name, created);
  state.projects.push({ name, arn, created, versions: [], datasets: [], policies: [], deleted: null });
  state.setTags(arn, request.Tags ?? {});
  state.save();
  return { ProjectArn: arn };
}

function describeProjects(context: Context, request: shapes.DescribeProjects) {
  sweep(context);
  const isIncluded = request.Features?.includes('CUSTOM_LABELS') ?? true;
  const named = context.state.projects.filter(
    ({ name }) => isIncluded && (request.ProjectNames?.includes(name) ?? true),
  );
  const { items, token } = page(named, request);
  return { ProjectDescriptions: items.map((project) => describe(context, project)), ...token };
}

function describe(context: Context, { arn, created, deleted, datasets }: Project) {
  return {
    ProjectArn: arn,
    CreationTimestamp: created / 1000,
    Status: deleted === null ? 'CREATED' : 'DELETING',
    Datasets: datasets.map((dataset) => ({
      CreationTimestamp: dataset.created / 1000,
      DatasetType: dataset.type,
      DatasetArn: dataset.arn,
      ...datasetStatus(context, dataset),
    })),
    Feature: 'CUSTOM_LABELS',
  };
}

/** Deletes a project and its datasets. Its models must have been deleted before. */
function deleteProject(context: Context, arn: string) {
  const project = findProject(context, arn);
  const isImporting = project.datasets.some(({ pending }) => pending !== null);
  if (project.versions.length > 0 || isImporting || project.deleted !== null) {
    throw new ServiceException('ResourceInUseException');
  }
  project.deleted = context.now();
  context.state.save();
  return { Status: 'DELETING' };
}
