/** The status codes of gRPC that the simulator answers with (https://grpc.io/docs/guides/status-codes/). */
export const STATUS_CODES = {
  CANCELLED: 1,
  UNKNOWN: 2,
  INVALID_ARGUMENT: 3,
  DEADLINE_EXCEEDED: 4,
  NOT_FOUND: 5,
  ALREADY_EXISTS: 6,
  PERMISSION_DENIED: 7,
  RESOURCE_EXHAUSTED: 8,
  FAILED_PRECONDITION: 9,
  ABORTED: 10,
  OUT_OF_RANGE: 11,
  UNIMPLEMENTED: 12,
  INTERNAL: 13,
  UNAVAILABLE: 14,
  DATA_LOSS: 15,
  UNAUTHENTICATED: 16,
} as const;

export type StatusName = keyof typeof STATUS_CODES;

/** An error that Google Cloud KMS answers with: a gRPC status and a sentence. */
export class ServiceError extends Error {
  override readonly name = 'ServiceError';
  readonly status: StatusName;

  constructor(status: StatusName, message: string) {
    super(message);
    this.status = status;
  }
}

/** A status by its name; unknown ones are `UNKNOWN`, as in gRPC itself. */
export function statusNamed(name: string): StatusName {
  return name in STATUS_CODES ? (name as StatusName) : 'UNKNOWN';
}

export function invalidArgument(message: string): ServiceError {
  return new ServiceError('INVALID_ARGUMENT', message);
}

/** @param kind `KeyRing`, `CryptoKey` or `CryptoKeyVersion` */
export function notFound(kind: string, name: string): ServiceError {
  return new ServiceError('NOT_FOUND', `${kind} ${name} not found.`);
}

/** The resource's state or kind does not allow the operation. */
export function failedPrecondition(message: string): ServiceError {
  return new ServiceError('FAILED_PRECONDITION', message);
}

export function permissionDenied(permission: string, resource: string): ServiceError {
  return new ServiceError(
    'PERMISSION_DENIED',
    `Permission '${permission}' denied on resource '${resource}' (or it may not exist).`,
  );
}
