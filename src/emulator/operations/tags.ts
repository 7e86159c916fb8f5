import type { Context, Operations } from '../context.js';
import { ServiceException } from '../errors.js';
import { requireResource } from './find.js';
import { parse } from './parse.js';
import * as shapes from './shapes.js';

const MAX_TAGS = 200;

export function tagOperations(context: Context): Operations {
  return {
    TagResource: (request) => tag(context, parse(shapes.tagResource, request)),
    UntagResource: (request) => untag(context, parse(shapes.untagResource, request)),
    ListTagsForResource: (request) => listTags(context, parse(shapes.ofResource, request).ResourceArn),
  };
}

/** Adds tags to a project, dataset or model version; a tag with a known key is replaced. */
function tag(context: Context, { ResourceArn: arn, Tags }: shapes.TagResource) {
  requireResource(context, arn);
  const tags = { ...context.state.tagsOf(arn), ...Tags };
  if (Object.keys(tags).length > MAX_TAGS) throw new ServiceException('ServiceQuotaExceededException');
  context.state.setTags(arn, tags);
  context.state.save();
  return {};
}

function untag(context: Context, { ResourceArn: arn, TagKeys }: shapes.UntagResource) {
  requireResource(context, arn);
  const left = Object.entries(context.state.tagsOf(arn)).filter(([key]) => !TagKeys.includes(key));
  context.state.setTags(arn, Object.fromEntries(left));
  context.state.save();
  return {};
}

function listTags(context: Context, arn: string) {
  requireResource(context, arn);
  return { Tags: context.state.tagsOf(arn) };
}
