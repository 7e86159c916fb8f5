import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** The policies of docs/aws.md that commands need, by the name after "json" in the first line of their block. */
export type PolicyName = 'worker' | 'ingest' | 'viewer' | 'detect' | 'delete' | 'setup';

/** What a request needs: an action on a resource. */
export interface Need {
  /** Such as `s3:GetObject`. */
  readonly action: string;
  /** The ARN of the resource, or `*` for actions without one. */
  readonly resource: string;
}

/** One action and one resource pattern that a policy allows. */
export interface Grant extends Need {
  readonly policy: PolicyName;
}

const list = z.union([z.string().transform((one) => [one]), z.array(z.string()).min(1)]);
/** Strict, so that an element that is not evaluated here, such as a condition or Deny, is an error. */
const policySchema = z.strictObject({
  Version: z.literal('2012-10-17'),
  Statement: z.array(
    z.strictObject({
      Sid: z.string().optional(),
      Effect: z.literal('Allow'),
      Action: list,
      Resource: list,
    }),
  ),
});

const DOCUMENT = new URL('../../../docs/aws.md', import.meta.url);
const BLOCK = /^```json (\w+)\n(.*?)^```$/gms;

/** The JSON of all policies in docs/aws.md, by name. */
export function documentedPolicies(): Map<string, string> {
  const blocks = readFileSync(DOCUMENT, 'utf8').matchAll(BLOCK);
  return new Map([...blocks].map(([, name = '', json = '']) => [name, json]));
}

/** What readers of the document put in place of its examples. */
export interface Replaced {
  readonly bucket: string;
  readonly source: string;
  readonly account: string;
  /** Datasets that `project/*` is restricted to, as the document says; absent for all projects. */
  readonly datasets?: readonly string[];
}

/** Everything that a policy of docs/aws.md allows, with the reader's names filled in. */
export function documentedGrants(policy: PolicyName, replaced: Replaced): Grant[] {
  const json = documentedPolicies().get(policy);
  if (json === undefined) throw new Error(`docs/aws.md has no block "json ${policy}".`);
  const filled = json
    .replaceAll('dermavision-offline', replaced.bucket)
    .replaceAll('dermavision-exports', replaced.source)
    .replaceAll('111122223333', replaced.account);
  return policySchema
    .parse(JSON.parse(filled))
    .Statement.flatMap(({ Action, Resource }) =>
      Action.flatMap((action) => Resource.map((resource) => ({ policy, action, resource }))),
    )
    .flatMap((grant) => restricted(grant, replaced.datasets));
}

const ALL_PROJECTS = /:project\/\*$/;

function restricted(grant: Grant, datasets: readonly string[] | undefined): Grant[] {
  if (datasets === undefined || !ALL_PROJECTS.test(grant.resource)) return [grant];
  const patterns = datasets.flatMap((name) => [`:project/${name}/*`, `:project/${name}-P*/*`]);
  return patterns.map((pattern) => ({ ...grant, resource: grant.resource.replace(ALL_PROJECTS, pattern) }));
}

/** Whether a grant covers a need. IAM compares actions without case and resources with case; `*` and `?` are wildcards. */
export function covers(grant: Grant, { action, resource }: Need): boolean {
  return pattern(grant.action, 'i').test(action) && pattern(grant.resource, '').test(resource);
}

function pattern(text: string, flags: string): RegExp {
  const escaped = text.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`, `s${flags}`);
}
