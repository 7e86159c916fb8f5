import type { Context, Operations } from '../context.js';
import { ServiceException } from '../errors.js';
import type { Project } from '../state.js';
import { projectArn } from './arns.js';
import { datasetStatus } from './dataset-status.js';
import { findProject, sweep } from './find.js';
import { page } from './paging.js';
import * as shapes from './shapes.js';

export function projectOperations(context: Context): Operations {
  return {
    CreateProject: (request) => createProject(context, shapes.parse(shapes.createProject, request)),
    DescribeProjects: (request) => describeProjects(context, shapes.parse(shapes.describeProjects, request)),
    DeleteProject: (request) => deleteProject(context, shapes.parse(shapes.ofProject, request).ProjectArn),
  };
}

function createProject(context: Context, request: shapes.CreateProject) {
  const { state, region, now } = context;
  sweep(context);
  const name = request.ProjectName;
  if (request.Feature === 'CONTENT_MODERATION') {
    throw new ServiceException(
      'InvalidParameterException',
      'Projects of CONTENT_MODERATION are not emulated.',
    );
  }
  if (request.AutoUpdate !== undefined) {
    throw new ServiceException('InvalidParameterException', 'AutoUpdate is for CONTENT_MODERATION alone.');
  }
  if (state.projects.some((project) => project.name === name)) {
    throw new ServiceException('ResourceInUseException');
  }
  const created = Math.floor(now());
  const arn = projectArn(region, name, created);
  state.projects.push({ name, arn, created, versions: [], datasets: [], deleted: null });
  state.save();
  return { ProjectArn: arn };
}

function describeProjects(context: Context, request: shapes.DescribeProjects) {
  sweep(context);
  const isAsked = request.Features?.includes('CUSTOM_LABELS') ?? true;
  const named = context.state.projects.filter(
    ({ name }) => isAsked && (request.ProjectNames?.includes(name) ?? true),
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

/** A project's models have to be gone; its datasets go with it. */
function deleteProject(context: Context, arn: string) {
  const project = findProject(context, arn);
  const isRead = project.datasets.some(({ pending }) => pending !== null);
  if (project.versions.length > 0 || isRead || project.deleted !== null) {
    throw new ServiceException('ResourceInUseException');
  }
  project.deleted = context.now();
  context.state.save();
  return { Status: 'DELETING' };
}
