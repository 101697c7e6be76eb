// A process of its own, since test runners fail for a rejection that nobody handles, which is what is looked for here.
import { keyringConformance } from '@keyfold/keyring-testkit';
import { factory, manifest } from './aes-keyring.mjs';

/** @type {{ title: string, run: () => Promise<void> }[]} */
const tests = [];
keyringConformance({
  describe: (_name, body) => {
    body();
  },
  it: (title, run) => tests.push({ title, run }),
  manifest,
  compositions: [],
  factory() {
    const fixture = factory();
    const { keyring } = fixture;
    return {
      ...fixture,
      keyring: {
        ...keyring,
        async wrap(/** @type {import('@keyfold/core/keyring').WrapRequest} */ request) {
          void Promise.reject(new Error('Nobody looks at this.'));
          return await keyring.wrap(request);
        },
      },
    };
  },
});

/** @type {{ title: string, message: string }[]} */
const failures = [];
for (const { title, run } of tests) {
  await run().catch((/** @type {unknown} */ error) =>
    failures.push({ title, message: /** @type {Error} */ (error).message }),
  );
}
process.stdout.write(JSON.stringify(failures));
