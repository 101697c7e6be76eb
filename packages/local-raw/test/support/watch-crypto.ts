/** Watches the platform's own functions: which key bytes they were handed or handed out, to see that these get wiped. */
import crypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';

export interface Seen {
  /** Key bytes that went into a cipher or an import, the very same memory. */
  readonly keysIn: Uint8Array[];
  /** Secret bytes that came out of an export or a decryption. */
  readonly secretsOut: Uint8Array[];
  /** `extractable` of every private key that was imported. */
  readonly privateExtractable: boolean[];
}

const view = (data: ArrayBuffer | ArrayBufferView): Uint8Array =>
  ArrayBuffer.isView(data) ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength) : new Uint8Array(data);

/** Runs `work`, and returns what was seen meanwhile, which `work` may look at too. */
export async function watchCrypto(work: (seen: Seen) => Promise<unknown>): Promise<Seen> {
  const seen: Seen = { keysIn: [], secretsOut: [], privateExtractable: [] };
  const { subtle } = globalThis.crypto;
  const undo: (() => void)[] = [];
  /** Puts `make(original)` in the place of a method. */
  const replace = (target: object, name: string, make: (original: (...args: unknown[]) => unknown) => unknown): void => {
    const own = Object.getOwnPropertyDescriptor(target, name);
    const original = Reflect.get(target, name) as (...args: unknown[]) => unknown;
    Object.defineProperty(target, name, { value: make(original.bind(target)), configurable: true, writable: true });
    undo.push(() => {
      if (own === undefined) Reflect.deleteProperty(target, name);
      else Object.defineProperty(target, name, own);
    });
  };
  for (const name of ['createCipheriv', 'createDecipheriv']) {
    replace(crypto, name, (original) => (...args: unknown[]) => {
      seen.keysIn.push(view(args[1] as Uint8Array));
      return original(...args);
    });
  }
  replace(subtle, 'importKey', (original) => async (...args: unknown[]) => {
    const [format, data, , extractable] = args;
    if (format === 'raw' || format === 'pkcs8') seen.keysIn.push(view(data as ArrayBuffer));
    const key = (await original(...args)) as CryptoKey;
    if (key.type === 'private') seen.privateExtractable.push(extractable as boolean);
    return key;
  });
  replace(subtle, 'exportKey', (original) => async (...args: unknown[]) => {
    const data = (await original(...args)) as ArrayBuffer;
    if (args[0] === 'raw' || args[0] === 'pkcs8') seen.secretsOut.push(view(data));
    return data;
  });
  replace(subtle, 'decrypt', (original) => async (...args: unknown[]) => {
    const data = (await original(...args)) as ArrayBuffer;
    seen.secretsOut.push(view(data));
    return data;
  });
  syncBuiltinESMExports();
  try {
    await work(seen);
    return seen;
  } finally {
    for (const restore of undo.reverse()) restore();
    syncBuiltinESMExports();
  }
}
