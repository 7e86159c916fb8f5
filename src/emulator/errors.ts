/** Exceptions of the service with their messages from its API model, and those that all AWS services share. */
const TEXTS = {
  AccessDeniedException: 'You are not authorized to perform the action.',
  ExpiredTokenException: 'The security token included in the request is expired',
  ImageTooLargeException: 'The input image size exceeds the allowed limit.',
  InternalServerError: 'Amazon Rekognition experienced a service issue. Try your call again.',
  InvalidImageFormatException: 'The provided image format is not supported.',
  InvalidParameterException:
    'Input parameter violated a constraint. Validate your parameter before calling the API operation again.',
  InvalidPolicyRevisionIdException: 'The supplied revision id for the project policy is invalid.',
  InvalidPaginationTokenException: 'Pagination token in the request is not valid.',
  InvalidS3ObjectException: 'Amazon Rekognition is unable to access the S3 object specified in the request.',
  InvalidSignatureException:
    'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method.',
  LimitExceededException: 'An Amazon Rekognition service limit was exceeded.',
  MalformedPolicyDocumentException:
    'The format of the project policy document that you supplied to PutProjectPolicy is incorrect.',
  MissingAuthenticationTokenException: 'Missing Authentication Token',
  ProvisionedThroughputExceededException:
    'The number of requests exceeded your throughput limit. If you want to increase this limit, contact Amazon Rekognition.',
  ResourceAlreadyExistsException: 'A resource with the specified name already exists.',
  ResourceInUseException: 'The specified resource is already being used.',
  ResourceNotFoundException: 'The resource specified in the request cannot be found.',
  ResourceNotReadyException:
    "The requested resource isn't ready. For example, this exception occurs when you call DetectCustomLabels with a model version that isn't deployed.",
  SerializationException: 'The body is not JSON.',
  ServiceQuotaExceededException: 'The size or number of the resource exceeds the service quota.',
  ThrottlingException:
    'Amazon Rekognition is temporarily unable to process the request. Try your call again.',
  UnknownOperationException: 'The operation is not emulated.',
  UnrecognizedClientException: 'The security token included in the request is invalid.',
  ValidationException: 'The input fails to satisfy the constraints of the API model.',
} as const;

export type ExceptionCode = keyof typeof TEXTS;

/** Exceptions that the API model marks as server faults (HTTP 500); all others are client faults (HTTP 400). */
const SERVER_FAULTS: ReadonlySet<ExceptionCode> = new Set<ExceptionCode>([
  'InternalServerError',
  'ThrottlingException',
]);

/** An exception of the service, which the server writes as AWS JSON 1.1. */
export class ServiceException extends Error {
  constructor(
    readonly code: ExceptionCode,
    message: string = TEXTS[code],
  ) {
    super(message);
  }

  /** The HTTP status of the response. */
  get status(): 400 | 500 {
    return SERVER_FAULTS.has(this.code) ? 500 : 400;
  }
}
