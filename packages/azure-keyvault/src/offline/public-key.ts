import { ALGORITHMS } from '../provider.js';
import { invalidArgument } from '../refuse.js';

/** Hash and MGF1 of `RSA-OAEP-256`; the label is empty (RFC 7518, section 4.3; RFC 8017, section 7.1). */
const OAEP_SHA256 = { name: 'RSA-OAEP', hash: 'SHA-256' } as const;

const BLOCK = /-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \1-----/g;
const HOW = 'get it with "az keyvault key download --id https://… --encoding PEM --file key.pem"';
/** What a key in DER begins with. */
const DER_SEQUENCE = 0x30;
/** RSA keys of Azure Key Vault have the exponent 65,537. */
const EXPONENT = [1, 0, 1];

/** The public half of an RSA key: its PEM file (SubjectPublicKeyInfo), as text, or its DER bytes. */
export type PublicKeyInput = string | Uint8Array;

/** The DER of a public key, in bytes that are ours. Throws `invalid-argument`. */
export function readPublicKey(input: PublicKeyInput, argument: string): Uint8Array<ArrayBuffer> {
  const der = typeof input === 'string' ? decodeText(input, argument) : (input as unknown) instanceof Uint8Array ? new Uint8Array(input) : undefined;
  if (der?.[0] === DER_SEQUENCE) return der;
  throw invalidArgument(argument, `pass the key as PEM or DER; ${HOW}.`);
}

/** Throws an `Error` whose message says what is wrong. */
export async function importPublicKey(der: Uint8Array<ArrayBuffer>): Promise<CryptoKey> {
  const key = await crypto.subtle.importKey('spki', der, OAEP_SHA256, true, ['encrypt']);
  const { modulusLength, publicExponent } = key.algorithm as RsaKeyAlgorithm;
  const lengths: readonly number[] = ALGORITHMS['RSA-OAEP-256'];
  if (lengths.includes(modulusLength / 8) && EXPONENT.join() === publicExponent.join()) return key;
  throw new Error(`An RSA key of ${modulusLength} bits with this exponent is not one of Azure Key Vault.`);
}

/** The ciphertext, which is as long as the modulus. */
export async function sealOaep(key: CryptoKey, plaintext: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await crypto.subtle.encrypt(OAEP_SHA256, key, new Uint8Array(plaintext)));
}

function decodeText(text: string, argument: string): Uint8Array<ArrayBuffer> | undefined {
  const blocks = [...text.matchAll(BLOCK)];
  if (blocks.length > 1) throw invalidArgument(argument, `there are ${blocks.length} PEM blocks in this text; pass the one public key.`);
  const [, label = 'PUBLIC KEY', body = text] = blocks[0] ?? [];
  if (label !== 'PUBLIC KEY') throw invalidArgument(argument, `this PEM block is a ${label}; pass the PUBLIC KEY of the key in Azure Key Vault: ${HOW}.`);
  try {
    return Uint8Array.from(atob(body.replaceAll(/\s/g, '')), (char) => char.charCodeAt(0));
  } catch {
    return undefined;
  }
}
