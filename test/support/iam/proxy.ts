import { once } from 'node:events';
import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { EMULATOR_HEADER } from '../../../src/custom-labels/emulator-header.js';
import { errorMessage } from '../../../src/lib/error-message.js';
import { type Hold, Holds } from '../holds.js';
import { type AwsRequest, namesInBody, needOfMissing, needsOf } from './needs.js';
import { covers, type Grant, type Need } from './policies.js';

/** A need of a request, and whether the policies of its caller cover it. */
export interface Judged extends Need {
  readonly caller: string;
  readonly allowed: boolean;
}

/** A request that its policies allow, or the response to it. */
export interface Passing extends Need {
  readonly caller: string;
  readonly phase: 'request' | 'response';
  /** Body of a response of Rekognition; empty for requests and for S3. */
  readonly received: string;
}

/** The error that the proxy returns in place of the service. */
export interface Refusal {
  /** S3's code. Rekognition's has the suffix "Exception". */
  readonly code: string;
  readonly message: string;
}

export interface IamProxy {
  /** Adds a caller with these permissions; returns the address at which it reaches S3 and Rekognition. */
  caller(name: string, grants: readonly Grant[]): Promise<string>;
  /** Resolves once a later request has a need that matches. */
  next(matches: (need: Judged) => boolean): Promise<void>;
  /** Holds matching requests and responses until they are released. */
  hold(matches: (passing: Passing) => boolean): Hold;
  /** From now on refuses requests for which `refusalOf` returns an error; returns a function that ends this. */
  refuse(refusalOf: (need: Judged) => Refusal | undefined): () => void;
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
  /** Removes the header by which the emulator can be told from AWS, so that trainings count as paid. */
  readonly hidesEmulator?: boolean;
}

/**
 * Starts a proxy in front of S3 and Rekognition that evaluates IAM policies and refuses in AWS's words. A caller is
 * known by the port that it uses. Signatures are forwarded unchanged, and the servers verify them.
 */
export async function startIamProxy(targets: Targets): Promise<IamProxy> {
  const judged: Judged[] = [];
  const unknown: string[] = [];
  const waiting = new Set<(need: Judged) => void>();
  const holds = new Holds<Passing>();
  const refusals = new Set<(need: Judged) => Refusal | undefined>();
  const servers: ReturnType<typeof createServer>[] = [];
  const faults: Faults = {
    pass: async (passing, delivered) => await holds.pass(passing, delivered),
    refusalOf: (need) => [...refusals].map((refusalOf) => refusalOf(need)).find((found) => found),
  };

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
        handle(incoming, outgoing, { targets, judge, faults }).catch((error: unknown) => {
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
    hold: (matches) => holds.hold(matches),
    refuse: (refusalOf) => {
      refusals.add(refusalOf);
      return () => void refusals.delete(refusalOf);
    },
    stop: async () => {
      for (const server of servers) {
        server.closeAllConnections();
        await new Promise((done) => server.close(done));
      }
    },
  };
}

/** What happens to requests besides the evaluation of policies. */
interface Faults {
  readonly pass: (passing: Passing, delivered: Promise<void>) => Promise<void>;
  readonly refusalOf: (need: Judged) => Refusal | undefined;
}

interface Handling {
  readonly targets: Targets;
  readonly judge: (need: Need) => Judged;
  readonly faults: Faults;
}

/** Forwards a request if all its needs are allowed; refuses it otherwise. */
async function handle(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  { targets, judge, faults }: Handling,
): Promise<void> {
  const { method = 'GET', url = '/', headers } = incoming;
  const delivered = once(outgoing, 'close').then(() => undefined);
  const isRekognition = headers['x-amz-target'] !== undefined;
  // Bodies of other S3 requests are large, and their needs do not depend on them.
  const body = isRekognition || namesInBody(method, url) ? await buffer(incoming) : undefined;
  const request: AwsRequest = { method, url, headers, body: body?.toString('utf8') ?? '' };
  const needs = needsOf(request).map(judge);
  const denied = needs.find(({ allowed }) => !allowed);
  if (denied) return deny(incoming, outgoing, denied);
  const [need] = needs;
  if (!need) throw new Error(`${method} ${url} needs nothing.`);
  await faults.pass({ ...need, phase: 'request', received: '' }, delivered);
  const refusal = faults.refusalOf(need);
  if (refusal) return refuse(incoming, outgoing, need, 400, refusal);
  if (outgoing.destroyed) return;
  const target = new URL(url, isRekognition ? targets.rekognition() : targets.s3);
  const forwarded = httpRequest(target, { method, headers });
  forwarded.on('error', () => outgoing.destroy());
  incoming.once('close', () => incoming.complete || forwarded.destroy());
  if (body) forwarded.end(body);
  else incoming.pipe(forwarded);
  const response = await new Promise<IncomingMessage | undefined>((resolve) => {
    forwarded.once('response', resolve);
    forwarded.once('error', () => resolve(undefined));
  });
  if (!response) return;
  const missing = response.statusCode === 404 ? needOfMissing(request) : undefined;
  const hidden = missing && judge(missing);
  if (hidden && !hidden.allowed) {
    response.resume();
    return deny(incoming, outgoing, hidden);
  }
  if (targets.hidesEmulator) delete response.headers[EMULATOR_HEADER];
  if (!isRekognition) {
    outgoing.writeHead(response.statusCode ?? 500, response.headers);
    response.pipe(outgoing);
    return;
  }
  const received = await buffer(response);
  await faults.pass({ ...need, phase: 'response', received: received.toString('utf8') }, delivered);
  if (!outgoing.destroyed) outgoing.writeHead(response.statusCode ?? 500, response.headers).end(received);
}

function deny(incoming: IncomingMessage, outgoing: ServerResponse, need: Judged): void {
  const { action, resource, caller } = need;
  const isRekognition = action.startsWith('rekognition:');
  const shown = isRekognition ? resource : `&quot;${resource}&quot;`;
  const who = `User: arn:aws:iam::000000000000:user/${caller} is not authorized to perform: ${action}`;
  const message = `${who} on resource: ${shown} because no identity-based policy allows the ${action} action`;
  refuse(incoming, outgoing, need, isRekognition ? 400 : 403, { code: 'AccessDenied', message });
}

/** Refuses a request as its service does. */
function refuse(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  { action }: Judged,
  status: number,
  { code, message }: Refusal,
): void {
  incoming.resume();
  if (action.startsWith('rekognition:')) {
    outgoing.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' });
    outgoing.end(JSON.stringify({ __type: `${code}Exception`, Message: message }));
    return;
  }
  const xml = `<?xml version="1.0"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`;
  outgoing.writeHead(status, { 'content-type': 'application/xml', 'x-amz-bucket-region': 'us-east-1' });
  outgoing.end(incoming.method === 'HEAD' ? undefined : xml);
}
