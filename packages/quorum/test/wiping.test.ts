/** Nothing of shares and keys is left in any array that was made meanwhile, the package's own ones included. */
import { encryptionContext } from '@keyfold/core/keyring';
import { failure } from '@keyfold/keyring-testkit/helpers';
import { describe, expect, it } from 'vitest';
import { quorumKeyring } from '../src/index.js';
import { arraysMade } from './support/arrays.js';
import { isWiped, member } from './support/member.js';
import type { Member } from './support/member.js';
import { DATA_KEY, unwrapFrom, wrapOne } from './support/opening.js';

const four = (): Member[] => ['a', 'b', 'c', 'd'].map((name) => member(name));

/** Those of the arrays that hold a share or the data key and are none of those that may. */
function telling(made: readonly Uint8Array[], members: readonly Member[], mayHold: readonly (Uint8Array | undefined)[]): Uint8Array[] {
  const copies = members.flatMap((one) => one.copies);
  const allowed = new Set([...copies, ...mayHold].map((array) => array?.buffer));
  const secrets = [DATA_KEY, ...copies].map((bytes) => Buffer.from(bytes));
  return made.filter((array) => !allowed.has(array.buffer) && secrets.some((secret) => Buffer.from(array).includes(secret)));
}

describe('after', () => {
  it('a wrap, nothing is left but what the caller handed in', async () => {
    const members = four();
    const keyring = quorumKeyring({ name: 'board', threshold: 3, shares: members.map((one) => one.keyring) });
    const [keyMaterial, context] = [new Uint8Array(DATA_KEY), await encryptionContext()];
    const made = await arraysMade(async () => {
      await keyring.wrap({ keyMaterial, context, signal: new AbortController().signal });
    });
    expect(made.length).toBeGreaterThan(10);
    expect(members.flatMap((one) => one.copies)).toHaveLength(4);
    await expect.poll(() => telling(made, members, [])).toEqual([]);
    expect(keyMaterial).toEqual(DATA_KEY);
  });

  it.each(['works', 'lies', 'fails'] as const)('an unwrap, nothing is left but the data key (where a member %s)', async (mode) => {
    const members = four();
    const keyring = quorumKeyring({ name: 'board', threshold: 3, shares: members.map((one) => one.keyring) });
    const wrapped = await wrapOne(keyring);
    Object.assign(members[1] ?? {}, { mode });
    let keyMaterial: Uint8Array | undefined;
    const made = await arraysMade(async () => {
      keyMaterial = (await unwrapFrom(keyring, wrapped))?.keyMaterial;
    });
    expect(keyMaterial).toEqual(DATA_KEY);
    await expect.poll(() => telling(made, members, [keyMaterial])).toEqual([]);
  });

  it('an unwrap that fails, nothing is left at all', async () => {
    const members = four();
    const keyring = quorumKeyring({ name: 'board', threshold: 3, shares: members.map((one) => one.keyring) });
    const wrapped = await wrapOne(keyring);
    for (const one of members.slice(2)) one.mode = 'fails';
    const made = await arraysMade(async () => {
      await failure(unwrapFrom(keyring, wrapped), 'unwrap-failed');
    });
    await expect.poll(() => telling(made, members, [])).toEqual([]);
  });

  it('an abort while the engine looks at the data key, it is wiped, whatever the engine says then', async () => {
    const members = four();
    const keyring = quorumKeyring({ name: 'board', threshold: 3, shares: members.map((one) => one.keyring) });
    const wrapped = await wrapOne(keyring);
    const controller = new AbortController();
    const offered: Uint8Array[] = [];
    let say!: (accepted: boolean) => void;
    const said = new Promise<boolean>((resolve) => {
      say = resolve;
    });
    const accepts = async (bytes: Uint8Array): Promise<boolean> => {
      offered.push(bytes);
      return await said;
    };
    const unwrapping = keyring.unwrap({ wrappedKeys: [wrapped], context: await encryptionContext(), accepts, signal: controller.signal });
    await expect.poll(() => offered).toHaveLength(1);
    controller.abort();
    await failure(unwrapping, 'aborted');
    expect(offered[0]).toEqual(DATA_KEY);
    say(true);
    await expect.poll(() => offered.map(isWiped)).toEqual([true]);
  });
});
