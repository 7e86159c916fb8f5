import { DatasetError } from '../dataset/model/errors.js';
import { errorMessage } from '../lib/error-message.js';
import { StorageError } from '../storage/errors.js';

/** An error as data for another process. Structured clones lose the class of an error and its fields. */
export type PackedError =
  | {
      readonly type: 'storage';
      readonly kind: StorageError['kind'];
      readonly problem: string;
      readonly advice: string | undefined;
      readonly cause: PackedCause;
    }
  | {
      readonly type: 'dataset';
      readonly refusal: DatasetError['type'];
      readonly message: string;
      readonly details: DatasetError['details'];
    }
  | ({ readonly type: 'other' } & PackedCause);

/** What tells expired credentials from other refusals of S3. */
interface PackedCause {
  readonly name: string;
  readonly message: string;
  readonly status: number | undefined;
}

/** Converts an error to data. */
export function packError(error: unknown): PackedError {
  if (error instanceof StorageError) {
    const { kind, problem, advice } = error;
    return { type: 'storage', kind, problem, advice, cause: packCause(error.cause) };
  }
  if (error instanceof DatasetError) {
    return { type: 'dataset', refusal: error.type, message: error.message, details: error.details };
  }
  return { type: 'other', ...packCause(error) };
}

/** Converts data to the error that it was. */
export function unpackError(packed: PackedError): Error {
  switch (packed.type) {
    case 'storage':
      return new StorageError(packed.kind, packed.problem, {
        advice: packed.advice,
        cause: unpackCause(packed.cause),
      });
    case 'dataset':
      return new DatasetError(packed.refusal, packed.message, packed.details);
    case 'other':
      return unpackCause(packed);
  }
}

function packCause(error: unknown): PackedCause {
  const name = error instanceof Error ? error.name : 'Error';
  return { name, message: errorMessage(error), status: statusOf(error) };
}

function unpackCause({ name, message, status }: PackedCause): Error {
  const metadata = status === undefined ? {} : { $metadata: { httpStatusCode: status } };
  return Object.assign(new Error(message), { name, ...metadata });
}

/** The HTTP status of an error of the AWS SDK. */
function statusOf(error: unknown): number | undefined {
  const { $metadata } = (error ?? {}) as { $metadata?: { httpStatusCode?: number } };
  return $metadata?.httpStatusCode;
}
