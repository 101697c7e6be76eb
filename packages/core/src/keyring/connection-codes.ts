/** Codes of Node for a connection that could not be made, or broke, its own `fetch` included. */
const BROKEN: ReadonlySet<string> = new Set([
  'EAI_AGAIN',
  'ECONNABORTED',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTDOWN',
  'EHOSTUNREACH',
  'ENETDOWN',
  'ENETUNREACH',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
  'UND_ERR_SOCKET',
]);

/** Codes of OpenSSL and of Node for certificates that do not verify, and for servers that speak no TLS. */
const UNTRUSTED = /^(CERT_|UNABLE_TO_|DEPTH_ZERO_SELF_SIGNED|SELF_SIGNED_CERT|ERR_TLS_|ERR_SSL_|EPROTO)/;

/** Whether the code of an error of Node says that the network failed: the service may be reached later. */
export function isBrokenConnection(code: string | undefined): boolean {
  return code !== undefined && BROKEN.has(code);
}

/** Whether it says that the other side is not trusted: that stays so until somebody configures it. */
export function isUntrustedConnection(code: string | undefined): boolean {
  return code !== undefined && UNTRUSTED.test(code);
}
