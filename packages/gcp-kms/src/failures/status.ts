/** The status codes of gRPC that are told apart (https://grpc.io/docs/guides/status-codes/). */
export const Status = {
  INVALID_ARGUMENT: 3,
  DEADLINE_EXCEEDED: 4,
  NOT_FOUND: 5,
  PERMISSION_DENIED: 7,
  RESOURCE_EXHAUSTED: 8,
  FAILED_PRECONDITION: 9,
  ABORTED: 10,
  UNIMPLEMENTED: 12,
  INTERNAL: 13,
  UNAVAILABLE: 14,
  UNAUTHENTICATED: 16,
} as const;

/** How the service calls a status. */
export function statusName(status: number): string {
  return Object.entries(Status).find(([, code]) => code === status)?.[0] ?? `status ${status}`;
}
