/**
 * Whatever happens to keys and envelopes, in whatever order: an envelope opens as long as one KEK that wrapped it lives,
 * and a KEK that was removed opens nothing.
 */
import fc from 'fast-check';
import { it } from 'vitest';
import { allowTime, cases } from '../support/cases.js';
import { expectAllHandled } from '../support/leaks.js';
import type { MemoryKek } from './memory-kms.js';
import { POLICIES, World } from './world.js';
import type { Stored } from './world.js';

allowTime();
expectAllHandled();

/** One thing that happens. `pick` numbers are taken modulo what there is. */
class Step implements fc.AsyncCommand<object, World> {
  readonly #name: string;
  readonly #run: (world: World) => Promise<void> | void;

  constructor(name: string, run: (world: World) => Promise<void> | void) {
    this.#name = name;
    this.#run = run;
  }

  check(): boolean {
    return true;
  }

  async run(_model: object, world: World): Promise<void> {
    await this.#run(world);
  }

  toString(): string {
    return this.#name;
  }
}

const KEKS = [0, 1, 2, 3];
const one = fc.constantFrom(...KEKS);
const some = fc.shuffledSubarray(KEKS, { minLength: 1 });
const any = fc.subarray(KEKS);
const envelope = fc.nat(5);
const policy = fc.constantFrom(...POLICIES);

const keksOf = (world: World, numbers: readonly number[]): MemoryKek[] => numbers.map((i) => world.keks[i] as MemoryKek);
async function withStored(world: World, number: number, run: (stored: Stored) => Promise<void>): Promise<void> {
  const stored = world.stored[number % Math.max(1, world.stored.length)];
  if (stored !== undefined) await run(stored);
}
function kekStep(name: string, change: (kek: MemoryKek) => void): fc.Arbitrary<Step> {
  return one.map((i) => new Step(`${name} ${i}`, (world) => { change(world.keks[i] as MemoryKek); }));
}

const write = fc.tuple(some, policy).map(([members, chosen]) =>
  new Step(`write(${members.join(' ')}; ${chosen.name})`, async (world) => { await world.write(keksOf(world, members), chosen); }));
const read = fc.tuple(envelope, some).map(([number, readers]) =>
  new Step(`read(${number}; by ${readers.join(' ')})`, async (world) => {
    await withStored(world, number, async (stored) => { await world.read(stored, keksOf(world, readers)); });
  }));
const rewrapping = fc.tuple(envelope, some, any, any, policy, fc.boolean()).map(([number, readers, writers, remove, chosen, refresh]) =>
  new Step(
    `rewrap(${number}; by ${readers.join(' ')}; with ${writers.join(' ')}; remove ${remove.join(' ')}; ${chosen.name}${refresh ? '; refresh' : ''})`,
    async (world) => {
      await withStored(world, number, async (stored) => {
        await world.rewrap(stored, keksOf(world, readers), keksOf(world, writers), keksOf(world, remove), chosen, refresh);
      });
    },
  ));

const steps = fc.commands<object, World, false>(
  [
    write,
    read,
    rewrapping,
    rewrapping,
    kekStep('outage of', (kek) => { kek.state = 'down'; }),
    kekStep('lies of', (kek) => { kek.state = 'lies'; }),
    kekStep('repair of', (kek) => { kek.state = 'up'; }),
    kekStep('rotation of', (kek) => { kek.rotate(); }),
    kekStep('end of the old versions of', (kek) => { kek.destroyBefore(kek.current); }),
    kekStep('end of', (kek) => { kek.destroyBefore(kek.versions.length); }),
  ],
  { maxCommands: 25, size: 'max' },
);

it('nothing is lost, and nobody who was removed gets in', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (commands) => {
      const world = new World();
      await world.write(world.keks.slice(0, 3), { name: 'strict' });
      await fc.asyncModelRun(() => ({ model: {}, real: world }), commands);
      await world.expectNothingLost();
    }),
    { numRuns: cases(2_000, 150) },
  );
});
