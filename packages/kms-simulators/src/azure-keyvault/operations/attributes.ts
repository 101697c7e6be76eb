import type { KeyVersion } from '../keys/key.js';
import type { JsonBody } from '../protocol/json-body.js';
import { badParameter } from '../protocol/vault-error.js';

/** The attributes that a request sets; what it leaves out is left out here. */
export function readAttributes(body: JsonBody): Partial<Pick<KeyVersion, 'enabled' | 'notBefore' | 'expires'>> {
  const enabled = body.flag('enabled');
  const notBefore = milliseconds(body.integer('nbf'));
  const expires = milliseconds(body.integer('exp'));
  if (notBefore !== undefined && expires !== undefined && expires <= notBefore) {
    throw badParameter('Property attributes.exp has invalid value: it must be after attributes.nbf.');
  }
  return {
    ...(enabled === undefined ? {} : { enabled }),
    ...(notBefore === undefined ? {} : { notBefore }),
    ...(expires === undefined ? {} : { expires }),
  };
}

function milliseconds(seconds: number | undefined): number | undefined {
  return seconds === undefined ? undefined : seconds * 1000;
}
