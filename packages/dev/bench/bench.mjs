// `npm run bench`: how fast Keyfold is, and how much memory it takes, against the raw cipher and against other
// tools, all measured in this one run. docs/performance.md says what each row means.
import { groups } from './groups/index.mjs';
import { describeMachine, loadAverage } from './lib/machine.mjs';
import { readOptions, usage } from './lib/options.mjs';
import { showGroup, showMachine, showProgress, showSummary, writeJson } from './lib/report.mjs';
import { runGroup } from './lib/run-group.mjs';
import { withTemporaryFolder } from './lib/temporary-folder.mjs';

const options = readOptions(process.argv.slice(2));
if (options === undefined) {
  process.stdout.write(usage);
} else {
  await withTemporaryFolder(options.folder, async (folder) => {
    const machine = describeMachine();
    if (!options.json) showMachine(machine);
    /** @type {import('./lib/run-group.mjs').GroupResult[]} */
    const results = [];
    for (const group of groups) {
      const result = await runGroup(group, { ...options, folder }, options.json ? () => undefined : showProgress);
      if (result.cases.length === 0) continue;
      if (!options.json) showGroup(result);
      results.push(result);
    }
    const ended = loadAverage();
    if (options.json) writeJson({ machine: { ...machine, loadAverageAtEnd: ended }, options, groups: results });
    else showSummary(results, ended);
  });
}
