import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { errorMessage } from '../../../src/lib/error-message.js';
import { type AwsRequest, needOfMissing, needsOf } from './needs.js';
import { covers, type Grant, type Need } from './policies.js';

/** A need of a request, and whether the policies of its caller cover it. */
export interface Judged extends Need {
  readonly caller: string;
  readonly allowed: boolean;
}

export interface IamProxy {
  /** Adds a caller with these permissions; returns the address at which it reaches S3 and Rekognition. */
  caller(name: string, grants: readonly Grant[]): Promise<string>;
  /** Resolves once a later request has a need that matches. */
  next(matches: (need: Judged) => boolean): Promise<void>;
  /** The needs of all requests so far, in order. */
  readonly judged: readonly Judged[];
  /** Messages about requests whose IAM actions are not known. */
  readonly unknown: readonly string[];
  stop(): Promise<void>;
}

/** The servers behind the proxy. The address of Rekognition is read when a request arrives. */
interface Targets {
  readonly s3: string;
  readonly rekognition: () => string;
}

/**
 * Starts a proxy in front of S3 and Rekognition that evaluates IAM policies and refuses in AWS's words. A caller is
 * known by the port that it uses. Signatures are forwarded unchanged, and the servers verify them.
 */
export async function startIamProxy(targets: Targets): Promise<IamProxy> {
  const judged: Judged[] = [];
  const unknown: string[] = [];
  const waiting = new Set<(need: Judged) => void>();
  const servers: ReturnType<typeof createServer>[] = [];

  return {
    judged,
    unknown,
    caller: async (name, grants) => {
      const judge = (need: Need): Judged => {
        const allowed = grants.some((grant) => covers(grant, need));
        const result = { ...need, caller: name, allowed };
        judged.push(result);
        for (const hear of waiting) hear(result);
        return result;
      };
      const server = createServer((incoming, outgoing) => {
        handle(incoming, outgoing, targets, judge).catch((error: unknown) => {
          unknown.push(errorMessage(error));
          outgoing.writeHead(501).end();
        });
      });
      servers.push(server);
      await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
      return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    },
    next: async (matches) =>
      await new Promise((resolve) => {
        const hear = (need: Judged) => {
          if (!matches(need)) return;
          waiting.delete(hear);
          resolve();
        };
        waiting.add(hear);
      }),
    stop: async () => {
      for (const server of servers) {
        server.closeAllConnections();
        await new Promise((done) => server.close(done));
      }
    },
  };
}

/** Forwards a request if all its needs are allowed; refuses it otherwise. */
async function handle(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  targets: Targets,
  judge: (need: Need) => Judged,
): Promise<void> {
  const { method = 'GET', url = '/', headers } = incoming;
  const isRekognition = headers['x-amz-target'] !== undefined;
  // Bodies of S3 requests are large, and their needs do not depend on them.
  const body = isRekognition ? await buffer(incoming) : undefined;
  const request: AwsRequest = { method, url, headers, body: body?.toString('utf8') ?? '' };
  const denied = needsOf(request)
    .map(judge)
    .find(({ allowed }) => !allowed);
  if (denied) return deny(incoming, outgoing, denied);
  const target = new URL(url, isRekognition ? targets.rekognition() : targets.s3);
  const forwarded = httpRequest(target, { method, headers });
  forwarded.once('error', () => outgoing.destroy());
  forwarded.once('response', (response) => {
    const need = response.statusCode === 404 ? needOfMissing(request) : undefined;
    const hidden = need && judge(need);
    if (hidden && !hidden.allowed) {
      response.resume();
      return deny(incoming, outgoing, hidden);
    }
    outgoing.writeHead(response.statusCode ?? 500, response.headers);
    response.pipe(outgoing);
  });
  incoming.once('close', () => incoming.complete || forwarded.destroy());
  if (body) forwarded.end(body);
  else incoming.pipe(forwarded);
}

function deny(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  { action, resource, caller }: Judged,
): void {
  incoming.resume();
  const user = `User: arn:aws:iam::000000000000:user/${caller}`;
  const why = `because no identity-based policy allows the ${action} action`;
  if (action.startsWith('rekognition:')) {
    const Message = `${user} is not authorized to perform: ${action} on resource: ${resource} ${why}`;
    outgoing.writeHead(400, { 'content-type': 'application/x-amz-json-1.1' });
    outgoing.end(JSON.stringify({ __type: 'AccessDeniedException', Message }));
    return;
  }
  const message = `${user} is not authorized to perform: ${action} on resource: &quot;${resource}&quot; ${why}`;
  const xml = `<?xml version="1.0"?><Error><Code>AccessDenied</Code><Message>${message}</Message></Error>`;
  outgoing.writeHead(403, { 'content-type': 'application/xml', 'x-amz-bucket-region': 'us-east-1' });
  outgoing.end(incoming.method === 'HEAD' ? undefined : xml);
}
