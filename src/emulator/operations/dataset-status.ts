import type { Context } from '../context.js';
import { ServiceException } from '../errors.js';
import type { Dataset } from '../state.js';

/** Status, message and message code for DescribeDataset and DescribeProjects. */
export function datasetStatus(context: Pick<Context, 'now' | 'transitionMs'>, dataset: Dataset) {
  const { phase, failure, failedByService } = dataset;
  if (dataset.deleted !== null) return { Status: 'DELETE_IN_PROGRESS' };
  if (isBusy(context, dataset)) return { Status: `${phase}_IN_PROGRESS` };
  if (failure !== null) {
    return {
      Status: `${phase}_FAILED`,
      StatusMessage: failure,
      StatusMessageCode: failedByService ? 'SERVICE_ERROR' : 'CLIENT_ERROR',
    };
  }
  const done = phase === 'CREATE' ? 'created' : 'updated';
  return {
    Status: `${phase}_COMPLETE`,
    StatusMessage: `The dataset has been successfully ${done}.`,
    StatusMessageCode: 'SUCCESS',
  };
}

/** @throws ServiceException if the entries of the dataset cannot be read in its current state */
export function requireReadable(context: Context, dataset: Dataset): void {
  if (dataset.deleted !== null) throw new ServiceException('ResourceInUseException');
  const isFailedCreation = dataset.phase === 'CREATE' && dataset.failure !== null;
  if (isFailedCreation || isBusy(context, dataset)) throw new ServiceException('ResourceNotReadyException');
}

/** @throws ServiceException if the dataset cannot be changed or deleted in its current state */
export function requireIdle(context: Context, dataset: Dataset): void {
  if (dataset.deleted !== null || isBusy(context, dataset)) {
    throw new ServiceException('ResourceInUseException');
  }
}

/** Whether an import or update of the dataset is in progress. */
export function isBusy(
  { now, transitionMs }: Pick<Context, 'now' | 'transitionMs'>,
  dataset: Dataset,
): boolean {
  return dataset.pending !== null || now() < dataset.updated + transitionMs;
}
