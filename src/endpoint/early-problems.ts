import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { Problem, problemDocument, sendProblem } from './problems.js';

/** Headers of responses that are sent before the plugin for security headers runs. */
const HEADERS = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
};

const BAD_PATH = new Problem(
  400,
  'The path of the request is not valid: it must be UTF-8 in percent-encoding.',
);
/** Other problems of paths, by the code of Fastify's error. */
const PATH_PROBLEMS: Readonly<Record<string, Problem>> = {
  FST_ERR_MAX_PARAM_LENGTH: new Problem(414, 'A name in the path is longer than 100 characters.'),
};

/** Problems of requests that Node refuses, by the code of its error. */
const CLIENT_PROBLEMS: Readonly<Record<string, Problem>> = {
  ERR_HTTP_REQUEST_TIMEOUT: new Problem(408, 'The request did not arrive in time. Send it again.'),
  HPE_HEADER_OVERFLOW: new Problem(431, 'The request line and the headers are longer than 16 KB together.'),
  HPE_CHUNK_EXTENSIONS_OVERFLOW: new Problem(413, 'The extensions of a chunk are too long.'),
};
const NOT_HTTP = new Problem(
  400,
  'This is not a valid HTTP/1.1 request. The endpoint does not serve HTTPS itself.',
);

/** Answers a request whose path Fastify refuses before it looks for a route. */
export function sendFrameworkProblem(
  { code }: FastifyError,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  sendProblem(PATH_PROBLEMS[code] ?? BAD_PATH, request, reply.headers(HEADERS));
}

/** Answers bytes that Node cannot read as a request, or that did not arrive in time, and closes the connection. */
export function sendClientProblem(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  const { status, message } = CLIENT_PROBLEMS[error.code ?? ''] ?? NOT_HTTP;
  const body = JSON.stringify(problemDocument(status, message));
  const headers = { ...headersOf(body), date: new Date().toUTCString() };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  if (socket.writable) {
    socket.write(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines.join('')}\r\n${body}`);
  }
  socket.destroy(error);
}

/** Answers a request with an Expect header other than `100-continue`. */
export function sendExpectationProblem(_request: IncomingMessage, response: ServerResponse): void {
  const body = JSON.stringify(problemDocument(417, 'The Expect header must be 100-continue.'));
  response.writeHead(417, headersOf(body)).end(body);
}

const headersOf = (body: string) => ({
  ...HEADERS,
  'content-type': 'application/problem+json',
  'content-length': Buffer.byteLength(body),
  connection: 'close',
});
