import { invalidArgument } from '../errors/throw.js';

/** SHA-256 for the hash and for MGF1, empty label (RFC 8017, section 7.1). */
const OAEP_SHA256 = { name: 'RSA-OAEP', hash: 'SHA-256' } as const;

const BLOCK = /-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \1-----/g;
/** What a key in DER begins with. */
const DER_SEQUENCE = 0x30;
/** Bits of the RSA keys that key services make for encryption. */
const MODULUS_BITS: readonly number[] = [2048, 3072, 4096];
/** 65,537, which all of them have. */
const EXPONENT = [1, 0, 1];

/**
 * What the public half of an RSA key in a key service is given as: its DER bytes (SubjectPublicKeyInfo), or their base64,
 * with or without the lines of a PEM file around it.
 */
export type PublicKeyInput = string | Uint8Array;

/** Where a public key is from, for errors. */
export interface PublicKeySource {
  /** The service as people call it, such as `AWS KMS`. */
  readonly service: string;
  /** How to get the public half of a key there: completes "…; get it with …". */
  readonly command: string;
}

/** The DER of a public key, in bytes that are ours. Throws `invalid-argument`. */
export function readRsaPublicKey(input: PublicKeyInput, argument: string, source: PublicKeySource): Uint8Array<ArrayBuffer> {
  const der =
    typeof input === 'string' ? decodeText(input, argument, source) : (input as unknown) instanceof Uint8Array ? new Uint8Array(input) : undefined;
  if (der?.[0] === DER_SEQUENCE) return der;
  throw invalidArgument(argument, `pass the key as PEM, base64 or DER; get it with ${source.command}.`);
}

/** Throws an `Error` whose message says what is wrong. */
export async function importRsaPublicKey(der: Uint8Array<ArrayBuffer>): Promise<CryptoKey> {
  const key = await crypto.subtle.importKey('spki', der, OAEP_SHA256, false, ['encrypt']);
  const { modulusLength, publicExponent } = key.algorithm as RsaKeyAlgorithm;
  if (MODULUS_BITS.includes(modulusLength) && EXPONENT.join() === publicExponent.join()) return key;
  throw new Error(`An RSA key of ${modulusLength} bits with this exponent is not one of a key service.`);
}

/** Bytes of the modulus, and so of what the key seals. */
export function modulusLengthOf(key: CryptoKey): number {
  return (key.algorithm as RsaKeyAlgorithm).modulusLength / 8;
}

/** The ciphertext, which is as long as the modulus. Through WebCrypto on every runtime: in Node, outside the event loop. */
export async function sealOaep(key: CryptoKey, plaintext: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await crypto.subtle.encrypt(OAEP_SHA256, key, owned(plaintext)));
}

/** WebCrypto copies its input at the call, and refuses a view over shared memory: that is copied first. */
function owned(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return bytes.buffer instanceof ArrayBuffer ? (bytes as Uint8Array<ArrayBuffer>) : new Uint8Array(bytes);
}

function decodeText(text: string, argument: string, { service, command }: PublicKeySource): Uint8Array<ArrayBuffer> | undefined {
  const blocks = [...text.matchAll(BLOCK)];
  if (blocks.length > 1) throw invalidArgument(argument, `there are ${blocks.length} PEM blocks in this text; pass the one public key.`);
  const [, label = 'PUBLIC KEY', body = text] = blocks[0] ?? [];
  if (label !== 'PUBLIC KEY') throw invalidArgument(argument, `this PEM block is a ${label}; pass the PUBLIC KEY of the key in ${service}: get it with ${command}.`);
  try {
    return Uint8Array.from(atob(body.replaceAll(/\s/g, '')), (char) => char.charCodeAt(0));
  } catch {
    return undefined;
  }
}
