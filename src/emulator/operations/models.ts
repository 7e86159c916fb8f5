import type { Context, Operations } from '../context.js';
import { ServiceException } from '../errors.js';
import { findVersion } from './find.js';
import { versionStatus } from './model-status.js';
import { parse } from './parse.js';
import * as shapes from './shapes.js';

export function modelOperations(context: Context): Operations {
  return {
    StartProjectVersion: (request) => start(context, parse(shapes.startProjectVersion, request)),
    StopProjectVersion: (request) => stop(context, parse(shapes.ofVersion, request).ProjectVersionArn),
  };
}

const STARTABLE = new Set(['TRAINING_COMPLETED', 'COPYING_COMPLETED', 'STOPPED', 'FAILED']);

function start(context: Context, request: shapes.StartProjectVersion) {
  const { version } = findVersion(context, request.ProjectVersionArn);
  if (!STARTABLE.has(versionStatus(context, version).Status)) {
    throw new ServiceException('ResourceInUseException');
  }
  const isLost = context.state.readFile(version.arn, 'model') === undefined;
  const isFaulty = context.chaos.jobFailure('fail-start') !== undefined;
  version.model = {
    action: 'start',
    at: context.now(),
    minUnits: request.MinInferenceUnits,
    maxUnits: request.MaxInferenceUnits ?? null,
    failure: isLost || isFaulty ? 'The model failed to start.' : null,
  };
  context.state.save();
  return { Status: 'STARTING' };
}

function stop(context: Context, arn: string) {
  const { version } = findVersion(context, arn);
  const { model } = version;
  if (!model || versionStatus(context, version).Status !== 'RUNNING') {
    throw new ServiceException('ResourceInUseException');
  }
  version.model = { ...model, action: 'stop', at: context.now() };
  context.state.save();
  return { Status: 'STOPPING' };
}
