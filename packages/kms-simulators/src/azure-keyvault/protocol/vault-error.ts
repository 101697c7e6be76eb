/** An error that the service answers with: `{ "error": { "code", "message", "innererror": { "code" } } }`. */
export class VaultError extends Error {
  override readonly name = 'VaultError';
  readonly status: number;
  readonly code: string;
  /** What exactly is wrong, where the code alone does not tell: `KeyDisabled`. */
  readonly inner: string | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    code: string,
    message: string,
    { inner, headers = {} }: { readonly inner?: string | undefined; readonly headers?: Readonly<Record<string, string>> } = {},
  ) {
    super(message);
    this.status = status;
    this.code = code;
    this.inner = inner;
    this.headers = headers;
  }
}

export function badParameter(message: string): VaultError {
  return new VaultError(400, 'BadParameter', message);
}

export function forbidden(inner: string | undefined, message: string): VaultError {
  return new VaultError(403, 'Forbidden', message, { inner });
}

export function keyNotFound(name: string): VaultError {
  return new VaultError(
    404,
    'KeyNotFound',
    `A key with (name/id) ${name} was not found in this key vault. If you recently deleted this key you may be able to recover it ` +
      'using the correct recovery command. For help resolving this issue, please see https://go.microsoft.com/fwlink/?linkid=2125182',
  );
}

/** The operation exists in the service, but not here; no client tries a 501 again. */
export function notSimulated(what: string): VaultError {
  return new VaultError(501, 'NotImplemented', `${what} is not simulated.`);
}
