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
      state.removeFiles(one.arn);
    }
  };
  for (const project of state.projects) {
    forget(project.versions);
    forget(project.datasets);
    if (isGone(project)) for (const { arn } of project.datasets) state.removeFiles(arn);
  }
  forget(state.projects);
}

export function findProject(context: FindContext, arn: string): Project {
  sweep(context);
  const project = context.state.projects.find((one) => one.arn === arn);
  if (!project) throw new ServiceException('ResourceNotFoundException');
  return project;
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
