/** Exceptions of the service with their HTTP status, as its API model has them. */
const TEXTS = {
  AccessDeniedException: 'You are not authorized to perform the action.',
  InvalidParameterException:
    'Input parameter violated a constraint. Validate your parameter before calling the API operation again.',
  InvalidPaginationTokenException: 'Pagination token in the request is not valid.',
  InvalidS3ObjectException: 'Amazon Rekognition is unable to access the S3 object specified in the request.',
  InvalidSignatureException:
    'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method.',
  MissingAuthenticationTokenException: 'Missing Authentication Token',
  ResourceInUseException: 'The specified resource is already being used.',
  ResourceNotFoundException: 'The resource specified in the request cannot be found.',
  UnknownOperationException: 'The operation is not emulated.',
  UnrecognizedClientException: 'The security token included in the request is invalid.',
} as const;

export class ServiceException extends Error {
  /** All of these are the client's fault. */
  readonly status = 400;

  constructor(
    readonly code: keyof typeof TEXTS,
    message: string = TEXTS[code],
  ) {
    super(message);
  }
}
