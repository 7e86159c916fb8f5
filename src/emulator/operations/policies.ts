import { randomUUID } from 'node:crypto';
import { tryParseJson } from '../../lib/try-parse-json.js';
import type { Context, Operations } from '../context.js';
import { ServiceException } from '../errors.js';
import type { Policy, Project } from '../state.js';
import { findProject } from './find.js';
import { page } from './paging.js';
import { parse } from './parse.js';
import * as shapes from './shapes.js';

const DEFAULT_PAGE = 5;

export function policyOperations(context: Context): Operations {
  return {
    PutProjectPolicy: (request) => putPolicy(context, parse(shapes.putProjectPolicy, request)),
    ListProjectPolicies: (request) => listPolicies(context, parse(shapes.listProjectPolicies, request)),
    DeleteProjectPolicy: (request) => deletePolicy(context, parse(shapes.deleteProjectPolicy, request)),
  };
}

/** Attaches a policy to a project. To change an attached policy, the request must name its current revision. */
function putPolicy(context: Context, request: shapes.PutProjectPolicy) {
  const project = findProject(context, request.ProjectArn);
  const { PolicyName: name, PolicyDocument: document, PolicyRevisionId: revision } = request;
  if (!isPolicyDocument(document)) throw new ServiceException('MalformedPolicyDocumentException');
  const known = project.policies.find((policy) => policy.name === name);
  if (known && revision === undefined) throw new ServiceException('ResourceAlreadyExistsException');
  requireRevision(known, revision);
  const now = context.now();
  const policy: Policy = {
    ...{ name, document, revision: randomUUID().replaceAll('-', '') },
    ...{ created: known?.created ?? now, updated: now },
  };
  project.policies = [...project.policies.filter((other) => other !== known), policy];
  context.state.save();
  return { PolicyRevisionId: policy.revision };
}

function listPolicies(context: Context, request: shapes.ListProjectPolicies) {
  const project = findProject(context, request.ProjectArn);
  const { items, token } = page(project.policies, {
    ...request,
    MaxResults: request.MaxResults ?? DEFAULT_PAGE,
  });
  return { ProjectPolicies: items.map((policy) => describe(project, policy)), ...token };
}

function describe(project: Project, { name, revision, document, created, updated }: Policy) {
  return {
    ...{ ProjectArn: project.arn, PolicyName: name, PolicyRevisionId: revision, PolicyDocument: document },
    ...{ CreationTimestamp: created / 1000, LastUpdatedTimestamp: updated / 1000 },
  };
}

function deletePolicy(context: Context, request: shapes.DeleteProjectPolicy) {
  const project = findProject(context, request.ProjectArn);
  const known = project.policies.find(({ name }) => name === request.PolicyName);
  if (!known) throw new ServiceException('ResourceNotFoundException');
  requireRevision(known, request.PolicyRevisionId);
  project.policies = project.policies.filter((policy) => policy !== known);
  context.state.save();
  return {};
}

function requireRevision(policy: Policy | undefined, revision: string | undefined): void {
  if (revision !== undefined && policy?.revision !== revision) {
    throw new ServiceException('InvalidPolicyRevisionIdException');
  }
}

/** Whether the text is a JSON object with the statements of an IAM policy. */
function isPolicyDocument(text: string): boolean {
  const document = tryParseJson(text);
  return (
    typeof document === 'object' &&
    document !== null &&
    'Statement' in document &&
    Array.isArray(document.Statement)
  );
}
