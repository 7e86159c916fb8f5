import type { FastifyReply, FastifyRequest } from 'fastify';
import { NoRunError, NoUploadError, RefusedError, UnavailableError } from '../client/errors.js';
import { UnknownEventError } from '../intake/s3-events.js';
import { UsageError } from '../lib/usage-error.js';
import { PhotoError } from '../models/photo-detector.js';
import { MalformedError, StorageError } from '../storage/errors.js';
import { TrainingError } from '../training/errors.js';

export const TITLES = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  408: 'Request Timeout',
  409: 'Conflict',
  413: 'Content Too Large',
  414: 'URI Too Long',
  415: 'Unsupported Media Type',
  417: 'Expectation Failed',
  421: 'Misdirected Request',
  429: 'Too Many Requests',
  431: 'Request Header Fields Too Large',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
} as const;

export const KNOWN_TYPES =
  'This content type is not supported: send application/json, or a photo as image/jpeg, image/png or another image type.';

/** Fastify's error is the same for fields by which a body could change JavaScript objects. */
const BAD_JSON =
  'The body is not valid JSON, or has a field named __proto__ or constructor.prototype, which no body may have.';

export type ProblemStatus = keyof typeof TITLES;

/** An error that is sent as a problem document (RFC 9457); `detail` is for people. */
export class Problem extends Error {
  constructor(
    readonly status: ProblemStatus,
    detail: string,
  ) {
    super(detail);
  }
}

export function problemDocument(status: number, detail: string) {
  const title = (TITLES as Readonly<Record<number, string>>)[status] ?? 'Error';
  return { type: 'about:blank', title, status, detail };
}

/** Sends an error as a problem document. Unexpected errors are logged, and their text is not sent. */
export function sendProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { status, detail } = describeProblem(error);
  if (status === 500) request.log.error(error);
  return reply
    .code(status)
    .type('application/problem+json')
    .send(JSON.stringify(problemDocument(status, detail)));
}

export function describeProblem(error: unknown): { status: number; detail: string } {
  const {
    statusCode,
    code,
    message = 'Bad request.',
  } = error as {
    statusCode?: number;
    code?: string;
    message?: string;
  };
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') return { status: 415, detail: KNOWN_TYPES };
  if (code === 'FST_ERR_CTP_INVALID_JSON_BODY') return { status: 400, detail: BAD_JSON };
  const status = statusOf(error) ?? statusCode;
  if (status !== undefined && status !== 500) return { status, detail: message };
  return {
    status: 500,
    detail: 'Unexpected error. Try again; the log of the endpoint has the details.',
  };
}

function statusOf(error: unknown): ProblemStatus | undefined {
  if (error instanceof Problem) return error.status;
  if (error instanceof NoRunError || error instanceof NoUploadError) return 404;
  if (error instanceof RefusedError) return 409;
  if (error instanceof UsageError || error instanceof UnknownEventError) return 400;
  if (error instanceof UnavailableError) return 503;
  if (error instanceof PhotoError) return 415;
  if (error instanceof TrainingError) return error.retryable ? 503 : 409;
  // A document of the bucket that has to be replaced: no retry helps.
  if (error instanceof MalformedError) return 409;
  if (error instanceof StorageError) {
    if (error.kind === 'missing') return 404;
    return error.invalidRequest ? 400 : 503;
  }
  return undefined;
}
