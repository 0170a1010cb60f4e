// `npm run demo`: installs and builds where needed, then runs `tph demo` with the arguments given.
import { build, isBuilt } from './build.mjs';
import { runChild } from './support/child.mjs';
import { ensureInstalled } from './support/install.mjs';
import { runScript } from './support/problem.mjs';
import { root } from './support/project.mjs';

await runScript(async () => {
  const say = (/** @type {string} */ line) => process.stderr.write(`${line}\n`);
  await ensureInstalled(say);
  // What the story tells a newcomer to type where no `tph` is installed.
  process.env['TPH_PROGRAM'] ??= `node ${root}/bin/tph.js`;
  if (!isBuilt()) say(await build({ clean: false }));
  const { code } = await runChild(
    [process.execPath, `${root}/bin/tph.js`, 'demo', ...process.argv.slice(2)],
    {
      show: true,
    },
  );
  return code;
});
