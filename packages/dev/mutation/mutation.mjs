// `npm run mutation`: changes the code in small ways and counts which changes no test notices.
import { run } from '../lib/run.mjs';

let failed = false;
for (const engine of ['node', 'web']) {
  console.log(`\nMutants of the core, tested on the ${engine} engine`);
  const args = ['run', 'packages/dev/mutation/stryker.config.js', ...process.argv.slice(2)];
  const { code } = await run('stryker', args, { env: { KEYFOLD_MUTATION_ENGINE: engine }, show: true });
  failed ||= code !== 0;
}
process.exitCode = failed ? 1 : 0;
