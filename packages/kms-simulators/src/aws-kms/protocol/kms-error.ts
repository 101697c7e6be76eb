/**
 * An error that AWS KMS answers with. The service sends status 400 with every client error, also
 * where its published model says 404 or 409, and 500 with its own.
 */
export class KmsError extends Error {
  override readonly name = 'KmsError';
  readonly code: string;
  readonly status: number;

  constructor(code: string, message: string, status = 400) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

/** A field of the request is missing, too long, or not one of the allowed values. */
export function validationError(message: string): KmsError {
  return new KmsError('ValidationException', message);
}

/** The wording that the service uses for a limit of its model. */
export function constraintError(field: string, value: string | undefined, constraint: string): KmsError {
  const at = `'${field.charAt(0).toLowerCase()}${field.slice(1)}'`;
  const what = value === undefined ? 'Value' : `Value '${value}'`;
  return validationError(`1 validation error detected: ${what} at ${at} failed to satisfy constraint: ${constraint}`);
}

/** A field has the wrong JSON type. */
export function serializationError(field: string, expected: string): KmsError {
  return new KmsError('SerializationException', `${field} is not ${expected}.`);
}

/** A key or alias does not exist in this Region, or its name makes no sense. */
export function notFound(message: string): KmsError {
  return new KmsError('NotFoundException', message);
}

/** The key's state does not allow the operation. */
export function invalidState(message: string): KmsError {
  return new KmsError('KMSInvalidStateException', message);
}

/** The ciphertext or its encryption context is not what was encrypted. The service does not say which. */
export function invalidCiphertext(): KmsError {
  return new KmsError('InvalidCiphertextException', '');
}

/** The caller may not do this; `why` ends the sentence. */
export function accessDenied(
  caller: { account: string; accessKeyId: string },
  operation: string,
  resource: string,
  why: string,
): KmsError {
  const user = `arn:aws:iam::${caller.account}:user/${caller.accessKeyId}`;
  return new KmsError(
    'AccessDeniedException',
    `User: ${user} is not authorized to perform: kms:${operation} on resource: ${resource} because ${why}`,
  );
}
