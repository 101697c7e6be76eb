import { invalidArgument } from '@keyfold/core/keyring';
import { fromBase64, toBase64 } from '../base64.js';
import { CONVERT } from './rsa-der.js';

const BLOCK = /-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \1-----/g;

/** The bytes of the one PEM block in a text (RFC 7468). Text around it is passed over. Throws `invalid-argument`. */
export function decodePem(text: string, argument: string): Uint8Array<ArrayBuffer> {
  const blocks = [...text.matchAll(BLOCK)];
  const [block] = blocks;
  if (block === undefined) throw invalidArgument(argument, adviceForNoBlock(text));
  if (blocks.length > 1) throw invalidArgument(argument, `there are ${blocks.length} PEM blocks in this text; pass the one key.`);
  const [, label = '', body = ''] = block;
  const advice = ADVICE.get(label);
  if (advice !== undefined) throw invalidArgument(argument, advice);
  if (label !== 'PUBLIC KEY' && label !== 'PRIVATE KEY') {
    throw invalidArgument(argument, `this PEM block is a ${label}; pass a PUBLIC KEY (SPKI) or a PRIVATE KEY (PKCS#8) of RSA.`);
  }
  const der = fromBase64(body);
  if (der === undefined) throw invalidArgument(argument, 'the text between BEGIN and END is not base64; copy the key again.');
  return der;
}

/** One PEM block in lines of 64 characters, with a line break at its end. */
export function encodePem(label: 'PUBLIC KEY' | 'PRIVATE KEY', der: Uint8Array): string {
  const lines = toBase64(der).replaceAll(/.{64}(?!$)/g, '$&\n');
  return `-----BEGIN ${label}-----\n${lines}\n-----END ${label}-----\n`;
}

const ENCRYPTED =
  'this private key is encrypted: open it with createPrivateKey({ key, passphrase }) of node:crypto and pass the ' +
  `KeyObject, or write it unencrypted: ${CONVERT.private}`;

/** PEM blocks that people have, and what to do about them. */
const ADVICE: ReadonlyMap<string, string> = new Map([
  ['RSA PUBLIC KEY', `this is a public key in PKCS#1 form; convert it: ${CONVERT.pkcs1Public}`],
  ['RSA PRIVATE KEY', `this is a private key in PKCS#1 form; convert it: ${CONVERT.private}`],
  ['ENCRYPTED PRIVATE KEY', ENCRYPTED],
  ['EC PRIVATE KEY', 'this is an EC key; pass an RSA key, for example from generateRsaKeyPair().'],
  ['CERTIFICATE', 'this is a certificate; take the public key out of it: openssl x509 -in certificate.pem -noout -pubkey -out public.pem'],
  ['OPENSSH PRIVATE KEY', 'this is a private key in OpenSSH form; convert a copy, as this overwrites it: ssh-keygen -p -N "" -m PKCS8 -f copy'],
]);

function adviceForNoBlock(text: string): string {
  // The headers of an old encrypted block hold hyphens ("Proc-Type"), which no base64 has.
  if (/-----BEGIN RSA PRIVATE KEY-----\s+Proc-Type: 4,ENCRYPTED/.test(text)) return ENCRYPTED;
  if (text.includes('-----BEGIN ')) return 'the PEM block in this text has no matching end, or something else within; copy the key again.';
  if (/^\s*ssh-rsa /.test(text)) return 'this is a public key in OpenSSH form; convert it: ssh-keygen -e -m PKCS8 -f key.pub > public.pem';
  return 'this text holds no PEM block; a key begins with -----BEGIN PUBLIC KEY----- or -----BEGIN PRIVATE KEY-----.';
}
