import Fastify, { type FastifyInstance } from 'fastify';
import { EMULATOR_HEADER } from '../custom-labels/emulator-header.js';
import { tryParseJson } from '../lib/try-parse-json.js';
import { ServiceException } from './errors.js';
import type { RekognitionService } from './service.js';
import { type Credentials, verifySignature } from './sigv4.js';

const AMZ_JSON = 'application/x-amz-json-1.1';
const TARGET_PREFIX = 'RekognitionService.';
/** In bytes. The largest request is UpdateDatasetEntries: 5 MB, a third more in base64. */
const BODY_LIMIT = 8 * 1024 * 1024;
/** Maximum time in which a request must arrive. Fastify has none by default, so slow bodies would stay open. */
const REQUEST_TIMEOUT_MS = 60_000;

/**
 * The HTTP server of the emulator. It speaks AWS JSON 1.1: POST / with the operation in X-Amz-Target and a Signature
 * Version 4. GET /healthz is not signed.
 */
export function createEmulatorServer(
  service: RekognitionService,
  credentials: Credentials,
  log: (message: string) => void,
): FastifyInstance {
  const app = Fastify({ bodyLimit: BODY_LIMIT, requestTimeout: REQUEST_TIMEOUT_MS });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  app.addHook('onSend', async (_request, reply) => {
    reply.header(EMULATOR_HEADER, 'curator');
  });
  app.get('/healthz', async () => ({ status: 'ok', trainingsStarted: service.trainingsStarted }));

  app.post('/', async (request, reply) => {
    const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
    reply.type(AMZ_JSON);
    try {
      // Clients sign with the system time, so the emulator's clock is not used here.
      const signed = { method: 'POST', path: '/', headers: request.headers, body };
      verifySignature(signed, credentials, service.region, Date.now());
      return JSON.stringify(await runOperation(service, String(request.headers['x-amz-target']), body));
    } catch (error) {
      if (!(error instanceof ServiceException)) throw error;
      reply.code(error.status);
      return exceptionBody(error.code, error.message);
    }
  });
  app.setErrorHandler((error, _request, reply) => {
    if (error instanceof Error && 'statusCode' in error && error.statusCode === 413) {
      return reply
        .code(413)
        .type(AMZ_JSON)
        .send(exceptionBody('RequestEntityTooLargeException', error.message));
    }
    log(`request: ${error instanceof Error ? error.stack : String(error)}`);
    const { code, message, status } = new ServiceException('InternalServerError');
    return reply.code(status).type(AMZ_JSON).send(exceptionBody(code, message));
  });
  return app;
}

/** An exception in AWS JSON 1.1. The service writes `Message` or `message`, depending on the exception; SDKs read both. */
function exceptionBody(code: string, message: string): string {
  return JSON.stringify({ __type: code, Message: message, message });
}

async function runOperation(service: RekognitionService, target: string, body: Buffer): Promise<unknown> {
  const name = target.startsWith(TARGET_PREFIX) ? target.slice(TARGET_PREFIX.length) : '';
  const operation = service.operation(name);
  if (!operation)
    throw new ServiceException('UnknownOperationException', `${name || 'The operation'} is not emulated.`);
  const request = tryParseJson(body.toString('utf8'));
  if (request === undefined) throw new ServiceException('SerializationException');
  return await operation(request);
}
