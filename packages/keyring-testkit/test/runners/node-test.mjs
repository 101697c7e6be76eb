// Run by `node --test`: the built suite under Node's own test runner.
import { describe, it } from 'node:test';
import { keyringConformance } from '@keyfold/keyring-testkit';
import { factory, manifest } from './aes-keyring.mjs';

keyringConformance({ describe, it, manifest, factory });
