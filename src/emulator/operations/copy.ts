import type { Context, Operations } from '../context.js';
import { ServiceException } from '../errors.js';
import type { Version } from '../state.js';
import { copyVersion } from '../work.js';
import { arnWithin } from './arns.js';
import { findOpenProject, findVersion, requireFreeName } from './find.js';
import { trainingEnd } from './model-status.js';
import { parse } from './parse.js';
import * as shapes from './shapes.js';

export function copyOperations(context: Context): Operations {
  return {
    CopyProjectVersion: (request) => copy(context, parse(shapes.copyProjectVersion, request)),
  };
}

/** Copies a trained model to another project of the account. A copy is not a training and is not billed. */
function copy(context: Context, request: shapes.CopyProjectVersion) {
  const source = findVersion(context, request.SourceProjectVersionArn);
  if (source.project.arn !== request.SourceProjectArn)
    throw new ServiceException('ResourceNotFoundException');
  const destination = findOpenProject(context, request.DestinationProjectArn);
  requireFreeName(destination, request.VersionName);
  const created = Math.floor(context.now());
  const model = context.state.readFile(source.version.arn, 'model');
  if (!model || trainingEnd(source.version, created)?.status !== 'TRAINING_COMPLETED') {
    throw new ServiceException('InvalidParameterException', 'The source model version is not trained.');
  }
  const version: Version = {
    arn: arnWithin(destination, `version/${request.VersionName}`, created),
    name: request.VersionName,
    ...{ created, trainingMs: context.transitionMs, output: request.OutputConfig },
    ...{ train: null, test: null, testing: 'manifest', description: null },
    ...{ kmsKeyId: request.KmsKeyId ?? null, source: source.version.arn },
    ...{ end: null, model: null, deleted: null },
  };
  context.state.writeFile(version.arn, 'model', model);
  context.state.setTags(version.arn, request.Tags ?? {});
  destination.versions.push(version);
  context.state.save();
  copyVersion(context, destination, version);
  return { ProjectVersionArn: version.arn };
}
