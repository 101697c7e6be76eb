import type { Keyring } from '@keyfold/core';
import { encryptionContext } from '@keyfold/core/keyring';
import type { EncryptionContext, WrappedKey } from '@keyfold/core/keyring';
import type { Composition } from '../compositions/composition.js';
import type { KeyringFixture } from '../fixture.js';
import type { KeyringManifest } from '../manifest.js';
import { fail } from '../support/assert.js';
import { randomBytes, toHex } from '../support/bytes.js';

/** What is known before any rule runs, and so decides which rules there are. */
export interface Plan {
  /** What the keyring that the rules look at can do: the whole, where it is inside a composition. */
  readonly manifest: KeyringManifest;
  /** What the keyring of the fixture can do. */
  readonly inside: KeyringManifest;
  /** The composition that the keyring under test is inside, if it is. */
  readonly composition: Composition | undefined;
  /** How long, in ms, a call may take that the contract wants to end promptly. */
  readonly patience: number;
}

/** What one rule works with: the keyrings of one fixture, and everything secret that they were handed meanwhile. */
export class Bench {
  readonly plan: Plan;
  readonly manifest: KeyringManifest;
  readonly keyring: Keyring;
  readonly twin: Keyring;
  readonly stranger: Keyring;
  readonly fixture: KeyringFixture;
  /** No error may hold these. */
  readonly secrets: Uint8Array[];
  /** No message may hold these. */
  readonly contextValues: string[] = [];

  constructor(plan: Plan, fixture: KeyringFixture) {
    this.plan = plan;
    this.manifest = plan.manifest;
    this.fixture = fixture;
    this.keyring = this.compose(fixture.keyring);
    this.twin = this.compose(fixture.twin);
    this.stranger = this.compose(fixture.stranger);
    this.secrets = [...(fixture.secrets ?? [])];
  }

  /** A keyring of the fixture, inside the composition. */
  compose(keyring: Keyring): Keyring {
    return this.plan.composition?.compose(keyring) ?? keyring;
  }

  /** A hook of the fixture, or of an ability. The manifest declared it, or the rule would not run. */
  hook<T>(hook: T | undefined, name: string): T {
    return hook ?? fail(`The manifest declares an ability that needs "${name}", and the factory gave none.`);
  }

  /** 32 random bytes, which must not show up in any error. */
  keyMaterial(): Uint8Array<ArrayBuffer> {
    const bytes = randomBytes(32);
    this.secrets.push(new Uint8Array(bytes));
    return bytes;
  }

  /** An encryption context as the engine would make it; by default one pair with a value that no other test has. */
  async context(
    pairs: Readonly<Record<string, string>> = { tenant: `acme-${toHex(randomBytes(8))}` },
  ): Promise<EncryptionContext> {
    this.contextValues.push(...Object.values(pairs).filter((value) => value.length > 8));
    return await encryptionContext(pairs);
  }

  /** The wrapped keys that the keyring under test made, without those that a composition adds. */
  own(wrappedKeys: readonly WrappedKey[]): WrappedKey[] {
    return wrappedKeys.filter(({ provider }) => provider === this.manifest.provider);
  }
}
