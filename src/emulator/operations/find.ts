import type { Context } from '../context.js';
import { ServiceException } from '../errors.js';
import type { Dataset, Project, Version } from '../state.js';

type FindContext = Pick<Context, 'state' | 'now' | 'transitionMs'>;

/** Removes resources whose deletion has finished; until then they are listed as DELETING. */
export function sweep({ state, now, transitionMs }: FindContext): void {
  const isGone = ({ deleted }: { deleted: number | null }) =>
    deleted !== null && now() >= deleted + transitionMs;
  const forget = <T extends { arn: string; deleted: number | null }>(list: T[]) => {
    for (const one of list.filter(isGone)) {
      list.splice(list.indexOf(one), 1);
      state.forget(one.arn);
    }
  };
  for (const project of state.projects) {
    forget(project.versions);
    forget(project.datasets);
    if (isGone(project)) for (const { arn } of project.datasets) state.forget(arn);
  }
  forget(state.projects);
}

export function findProject(context: FindContext, arn: string): Project {
  sweep(context);
  const project = context.state.projects.find((one) => one.arn === arn);
  if (!project) throw new ServiceException('ResourceNotFoundException');
  return project;
}

/** Finds a project that is not being deleted. */
export function findOpenProject(context: FindContext, arn: string): Project {
  const project = findProject(context, arn);
  if (project.deleted !== null) throw new ServiceException('ResourceNotFoundException');
  return project;
}

/** @throws ServiceException if the project has a model version of this name */
export function requireFreeName({ versions }: Project, name: string): void {
  if (versions.some((version) => version.name === name)) throw new ServiceException('ResourceInUseException');
}

export function findVersion(context: FindContext, arn: string): { project: Project; version: Version } {
  sweep(context);
  for (const project of context.state.projects) {
    const version = project.versions.find((one) => one.arn === arn);
    if (version) return { project, version };
  }
  throw new ServiceException('ResourceNotFoundException');
}

export function findDataset(context: FindContext, arn: string): { project: Project; dataset: Dataset } {
  sweep(context);
  for (const project of context.state.projects) {
    const dataset = project.datasets.find((one) => one.arn === arn);
    if (dataset) return { project, dataset };
  }
  throw new ServiceException('ResourceNotFoundException');
}

/** @throws ServiceException if the ARN is not that of a project, a dataset or a model version */
export function requireResource(context: FindContext, arn: string): void {
  sweep(context);
  const isKnown = context.state.projects.some((project) =>
    [project, ...project.versions, ...project.datasets].some((one) => one.arn === arn),
  );
  if (!isKnown) throw new ServiceException('ResourceNotFoundException');
}
