import type { IncomingHttpHeaders } from 'node:http';
import { z } from 'zod';
import type { Need } from './policies.js';

/** A request to S3 or Rekognition. */
export interface AwsRequest {
  readonly method: string;
  /** Path and query as sent. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  /** The body; for S3 only that of a request that deletes several objects, since it names them. */
  readonly body: string;
}

/**
 * IAM actions of S3 requests by method, kind of resource and subresource (Amazon S3 User Guide, "Required permissions for
 * Amazon S3 API operations"). The subresource is the first of SUBRESOURCES in the query.
 */
const S3_ACTIONS: Readonly<Record<string, string>> = {
  'GET bucket list-type': 's3:ListBucket',
  'HEAD bucket': 's3:ListBucket',
  'GET bucket location': 's3:GetBucketLocation',
  'GET bucket acl': 's3:GetBucketAcl',
  'GET bucket ownershipControls': 's3:GetBucketOwnershipControls',
  'GET bucket policyStatus': 's3:GetBucketPolicyStatus',
  'GET bucket uploads': 's3:ListBucketMultipartUploads',
  'PUT bucket': 's3:CreateBucket',
  'PUT bucket cors': 's3:PutBucketCORS',
  'PUT bucket ownershipControls': 's3:PutBucketOwnershipControls',
  'PUT bucket publicAccessBlock': 's3:PutBucketPublicAccessBlock',
  'POST bucket delete': 's3:DeleteObject',
  'GET object': 's3:GetObject',
  'HEAD object': 's3:GetObject',
  'GET object versionId': 's3:GetObjectVersion',
  'HEAD object versionId': 's3:GetObjectVersion',
  'PUT object': 's3:PutObject',
  'PUT object acl': 's3:PutObjectAcl',
  'DELETE object': 's3:DeleteObject',
  'POST object uploads': 's3:PutObject',
  'PUT object uploadId': 's3:PutObject',
  'POST object uploadId': 's3:PutObject',
  'GET object uploadId': 's3:ListMultipartUploadParts',
  'DELETE object uploadId': 's3:AbortMultipartUpload',
};
/** Whether a request to S3 deletes several objects, which its body names. */
export const namesInBody = (method: string, url: string) =>
  method === 'POST' && /\?(?:.*&)?delete(?:[=&]|$)/.test(url);

/** Query parameters that select an operation. */
const SUBRESOURCES = [
  ...['list-type', 'location', 'acl', 'cors', 'ownershipControls', 'publicAccessBlock', 'uploads'],
  ...['policyStatus', 'delete'],
  ...['uploadId', 'versionId'],
];
/** Query parameters that do not change the operation. Any other parameter is an error. */
const PARAMETERS =
  /^(?:x-id|x-amz-.*|prefix|delimiter|max-keys|continuation-token|partNumber|encoding-type)$/i;

const arnOf = (path: string) => `arn:aws:s3:::${path}`;

/** The fields of Rekognition's requests that name their resource; the first that is present counts. */
const rekognitionSchema = z.object({
  ProjectVersionArn: z.string().optional(),
  DatasetArn: z.string().optional(),
  ProjectArn: z.string().optional(),
});

/**
 * What the caller of a request must be allowed to do.
 * @throws Error if the request is not known: its IAM action must be looked up and added
 */
export function needsOf(request: AwsRequest): Need[] {
  const target = request.headers['x-amz-target'];
  return target === undefined ? s3Needs(request) : [rekognitionNeed(String(target), request.body)];
}

function s3Needs({ method, url, headers, body }: AwsRequest): Need[] {
  const { pathname, searchParams } = new URL(url, 'http://s3');
  const [bucket = '', ...rest] = decodeURIComponent(pathname).slice(1).split('/');
  const key = rest.join('/');
  const subresource = SUBRESOURCES.find((name) => searchParams.has(name));
  const unknown = [...searchParams.keys()].filter((name) => name !== subresource && !PARAMETERS.test(name));
  const operation = [method, key === '' ? 'bucket' : 'object', subresource].filter(Boolean).join(' ');
  const action = S3_ACTIONS[operation];
  if (action === undefined || unknown.length > 0) {
    throw new Error(`The IAM action of ${method} ${url} (${operation}) is not known.`);
  }
  if (subresource === 'delete') {
    const keys = [...body.matchAll(/<Key>([^<]*)<\/Key>/g)].map(([, named = '']) => named);
    return keys.map((named) => ({ action, resource: arnOf(`${bucket}/${named}`) }));
  }
  const resource = arnOf(key === '' ? bucket : `${bucket}/${key}`);
  return [{ action, resource }, ...headerNeeds(headers, resource)];
}

/** What headers of a PUT need besides its own action. */
function headerNeeds(headers: IncomingHttpHeaders, resource: string): Need[] {
  const needs: Need[] = [];
  if (headers['x-amz-acl'] !== undefined) needs.push({ action: 's3:PutObjectAcl', resource });
  if (headers['x-amz-tagging'] !== undefined) needs.push({ action: 's3:PutObjectTagging', resource });
  const source = headers['x-amz-copy-source'];
  if (source === undefined) return needs;
  const copied = arnOf(decodeURIComponent(String(source)).replace(/^\//, ''));
  needs.push({ action: 's3:GetObject', resource: copied });
  if (headers['x-amz-tagging-directive'] === 'REPLACE') return needs;
  // The source may have tags, which a copy then takes over.
  return [
    ...needs,
    { action: 's3:GetObjectTagging', resource: copied },
    { action: 's3:PutObjectTagging', resource },
  ];
}

/**
 * Operations have the names of their actions. CreateProject and DescribeProjects have no resource (Service Authorization
 * Reference, "Actions defined by Amazon Rekognition").
 */
function rekognitionNeed(target: string, body: string): Need {
  const { ProjectVersionArn, DatasetArn, ProjectArn } = rekognitionSchema.parse(JSON.parse(body || '{}'));
  const operation = target.split('.')[1] ?? '';
  return {
    action: `rekognition:${operation}`,
    resource: ProjectVersionArn ?? DatasetArn ?? ProjectArn ?? '*',
  };
}

/**
 * What the caller of a request for a missing object must be allowed in order to get 404. Others get 403, as if the object
 * were there (Amazon S3 API Reference, HeadObject and GetObject, "Permissions").
 */
export function needOfMissing({ method, url }: AwsRequest): Need | undefined {
  const { pathname, searchParams } = new URL(url, 'http://s3');
  const [bucket = '', ...key] = decodeURIComponent(pathname).slice(1).split('/');
  const isObject = key.join('') !== '' && !searchParams.has('uploadId');
  const isRead = method === 'GET' || method === 'HEAD';
  return isObject && isRead ? { action: 's3:ListBucket', resource: arnOf(bucket) } : undefined;
}
