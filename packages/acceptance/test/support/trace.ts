import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { KeyringTrace } from '@keyfold/core';
import { afterAll } from 'vitest';

/** What multi-keyrings tell while this file's tests run. */
export class Trace {
  #told: KeyringTrace[] = [];

  constructor() {
    const listen = (message: unknown): void => void this.#told.push(message as KeyringTrace);
    subscribe('keyfold:keyring', listen);
    afterAll(() => { unsubscribe('keyfold:keyring', listen); });
  }

  forget(): void {
    this.#told = [];
  }

  /** Every step as text: who, what, why. */
  get steps(): string[] {
    return this.#told.map(({ keyring, event, reason }) => [keyring, event, reason].filter(Boolean).join(' '));
  }

  /** The names of the members that were asked, in order. */
  get asked(): string[] {
    return this.#told.filter(({ event }) => event === 'started').map(({ keyring }) => keyring);
  }

  /** The names of those whose call ended. */
  get ended(): string[] {
    return this.#told.filter(({ milliseconds }) => milliseconds !== undefined).map(({ keyring }) => keyring);
  }
}
