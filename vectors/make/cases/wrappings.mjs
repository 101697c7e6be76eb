// Wrapped keys, pending ones, padding and revisions that open.
import { message } from '../message.mjs';
import { aes, exactly, foreign, pending, quorum, rsa } from '../wraps.mjs';

const arn = 'arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';
const alias = 'arn:aws:kms:eu-central-1:111122223333:alias/app';
const gcpKey = 'projects/example/locations/europe-west3/keyRings/app/cryptoKeys/data';
const azureKey = 'https://example.vault.azure.net/keys/data';

/** @param {import('../collection.mjs').Collection} collection */
export function wrappings(collection) {
  /** @type {(name: string, about: string, special: import('../message.mjs').Special & { revision?: number, padding?: Uint8Array }) => void} */
  const opens = (name, about, special) => {
    collection.opens(name, about, message(name, special));
  };
  opens('local-raw-aes', 'Wrapped under an AES key.', {});
  opens('local-raw-aes-longest-name', 'The longest name of a local key: 255 bytes.', { wraps: [aes('n'.repeat(255))] });
  opens('local-raw-rsa-2048', 'Wrapped under an RSA key of 2,048 bits.', { wraps: [rsa('rsa-2048')] });
  opens('local-raw-rsa-4096', 'Wrapped under an RSA key of 4,096 bits.', { wraps: [rsa('rsa-4096')] });
  opens('wrapped-keys-several', 'Keys of every provider; the ciphertexts of the cloud keys are filler.', {
    wraps: [
      foreign('aws-kms', arn, '', 'SYMMETRIC_DEFAULT', 184),
      foreign('gcp-kms', gcpKey, '3', 'GOOGLE_SYMMETRIC_ENCRYPTION', 113),
      foreign('azure-keyvault', azureKey, '0123456789abcdef0123456789abcdef', 'RSA-OAEP-256', 256),
      aes('vectors'),
      aes('other'),
      rsa('rsa-2048'),
    ],
  });
  opens('wrapped-keys-32', 'As many wrapped keys as the format allows.', {
    wraps: [aes('vectors'), ...Array.from({ length: 31 }, (_, i) => foreign('example', `key-${i}`))],
  });
  opens('wrapped-keys-order', 'Ordered field by field as bytes, not by length, by number or as one string.', {
    wraps: [
      foreign('a', 'z'),
      foreign('aa', 'b'),
      foreign('b-', 'k'),
      foreign('b0', 'aa'),
      foreign('b0', 'b'),
      foreign('b0', 'b', '1'),
      foreign('b0', 'b', '10'),
      foreign('b0', 'b', '2'),
      aes('vectors'),
    ],
  });
  opens('wrapped-keys-lookalike', 'Keys that are one string when their fields are written one after the other.', {
    wraps: [foreign('ab', 'c', 'd'), foreign('a', 'bc', 'd'), foreign('a', 'b', 'cd'), aes('vectors')],
  });
  opens('wrapped-keys-all-characters', 'Every character that an identifier may hold.', {
    wraps: [
      foreign('-0123456789abcdefghijklmnopqrstuvwxyz', printable, printable, printable),
      aes('vectors'),
    ],
  });
  opens('wrapped-key-unknown-algorithm', 'A known key with an unknown algorithm is left alone.', {
    wraps: [exactly({ provider: 'local-raw', keyId: 'other', algorithm: 'A-LATER-ONE', ciphertext: Buffer.alloc(64, 1) }), aes('vectors')],
  });
  opens('pending', 'One of two keys could not be reached.', { wraps: [aes('vectors'), pending('aws-kms', alias)] });
  opens('pending-beside-version', 'A pending key, and a version of the same key that is not.', {
    wraps: [aes('vectors'), pending('gcp-kms', gcpKey), foreign('gcp-kms', gcpKey, '3')],
  });
  opens('pending-quorum', 'A quorum that could not be reached has no shares.', {
    wraps: [aes('vectors'), pending('quorum', 'board')],
  });
  opens('padding-1', 'One byte of padding.', { padding: Buffer.alloc(1) });
  opens('padding-300', 'Room for another wrapped key.', { padding: Buffer.alloc(300) });
  opens('revision-7', 'Rewrapped seven times.', { revision: 7 });
  opens('revision-max', 'The last revision there can be.', { revision: 0xffff_ffff });
  quorums(opens);
}

/** @param {(name: string, about: string, special: import('../message.mjs').Special) => void} opens */
function quorums(opens) {
  const share = (/** @type {1 | 2 | 3} */ x) => ({ x, wraps: [aes(`share-${x}`)] });
  opens('quorum-2-of-3', 'Any two of three shares.', {
    wraps: [quorum('board', { threshold: 2, shares: [share(1), share(2), share(3)] })],
  });
  opens('quorum-3-of-3', 'All of three shares, whose numbers are not 1, 2 and 3.', {
    wraps: [
      quorum('board', {
        threshold: 3,
        shares: [
          { x: 7, wraps: [aes('share-1')] },
          { x: 128, wraps: [aes('share-2')] },
          { x: 255, wraps: [aes('share-3')] },
        ],
      }),
    ],
  });
  opens('quorum-beside-key', 'Two shares together, or the recovery key alone; a share under two keys.', {
    wraps: [
      quorum('board', { threshold: 2, shares: [{ x: 1, wraps: [foreign('aws-kms', arn), aes('share-1')] }, share(2)] }),
      rsa('rsa-2048'),
    ],
  });
  opens('quorum-largest', 'Sixteen shares; with the quorum itself and its 31 leaves, 32 wrapped keys.', {
    wraps: [
      quorum('board', {
        threshold: 2,
        shares: Array.from({ length: 16 }, (_, i) => ({
          x: i + 1,
          wraps:
            i < 3
              ? [aes(i === 0 ? 'share-1' : i === 1 ? 'share-2' : 'share-3'), foreign('example', `second-${i}`)]
              : i < 15
                ? [foreign('example', `first-${i}`), foreign('example', `second-${i}`)]
                : [foreign('example', `first-${i}`)],
        })),
      }),
    ],
  });
  opens('quorum-two', 'Two quorums in one header.', {
    wraps: [
      quorum('board', { threshold: 2, shares: [share(1), share(2)] }),
      quorum('auditors', { threshold: 2, shares: [{ x: 1, wraps: [aes('share-3')] }, { x: 2, wraps: [aes('other')] }] }),
    ],
  });
}

const printable = String.fromCharCode(...Array.from({ length: 0x7e - 0x21 + 1 }, (_, i) => 0x21 + i));
