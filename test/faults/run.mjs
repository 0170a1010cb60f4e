// `npm run test:faults [-- --quick] [--seed <number>] [words for vitest]`: builds the program, then kills, fills, cuts and
// spoils what it stands on (docs/scale.md says what is promised). `--quick` does a fifth of it.
import { build } from '../../scripts/build.mjs';
import { runChild } from '../../scripts/support/child.mjs';
import { ensureInstalled } from '../../scripts/support/install.mjs';
import { Problem, runScript } from '../../scripts/support/problem.mjs';
import { root } from '../../scripts/support/project.mjs';

await runScript(async () => {
  const words = process.argv.slice(2);
  const quick = words.includes('--quick');
  const at = words.indexOf('--seed');
  const seed = at === -1 ? undefined : words[at + 1];
  if (at !== -1 && !/^\d+$/.test(seed ?? ''))
    throw new Problem('--seed needs a number\nhint: the one that a run has said');
  const others = words.filter(
    (word, index) => word !== '--quick' && !(at !== -1 && (index === at || index === at + 1)),
  );
  const say = (/** @type {string} */ text) => process.stderr.write(`${text}\n`);
  await ensureInstalled(say);
  say(await build({ clean: false }));
  const started = performance.now();
  const config = ['--config', 'test/faults/vitest.config.ts'];
  const { code } = await runChild(
    [process.execPath, `${root}/node_modules/vitest/vitest.mjs`, 'run', ...config, ...others],
    {
      show: true,
      env: {
        ...(quick ? { TPH_FAULTS_QUICK: '1' } : {}),
        ...(seed === undefined ? {} : { TPH_FAULTS_SEED: seed }),
      },
    },
  );
  say(`${Math.round((performance.now() - started) / 1000)} s in all`);
  return code;
});
