/** What was thrown, as the one cause that an error has: itself when it is one, and all when they are several. */
export function causeOf(errors: readonly unknown[]): unknown {
  return errors.length > 1 ? new AggregateError(errors, 'Several members failed.') : errors[0];
}
