// `npm run docs`: writes docs/commands.md and docs/tph.1 from the commands themselves.
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { manualPage } from './docs/man.mjs';
import { commandReference } from './docs/markdown.mjs';
import { nodeOf } from './docs/tree.mjs';
import { replaceFile } from './support/files.mjs';
import { ensureInstalled } from './support/install.mjs';
import { runScript } from './support/problem.mjs';
import { buildConstants, manifest, root } from './support/project.mjs';

/** The program with every noun furnished, and what its exit codes mean. */
async function loadCommands() {
  const esbuild = await import('esbuild');
  // Inside the project, where what is not bundled is found.
  const folder = mkdtempSync(join(root, 'node_modules', '.tph-docs-'));
  try {
    const outfile = join(folder, 'commands.mjs');
    await esbuild.build({
      absWorkingDir: root,
      stdin: {
        contents:
          "export { wholeProgram } from './commands/program.ts';\nexport { EXIT_MEANINGS } from './commands/exit-meanings.ts';\n",
        resolveDir: join(root, 'src'),
        loader: 'ts',
      },
      outfile,
      bundle: true,
      format: 'esm',
      platform: 'node',
      mainFields: ['module', 'main'],
      external: Object.keys(manifest().dependencies),
      define: buildConstants(),
      banner: {
        js: "import { createRequire as tphCreateRequire } from 'node:module';\nconst require = tphCreateRequire(import.meta.url);",
      },
    });
    /** @type {Pick<typeof import('../src/commands/program.ts'), 'wholeProgram'> & Pick<typeof import('../src/commands/exit-meanings.ts'), 'EXIT_MEANINGS'>} */
    const { wholeProgram, EXIT_MEANINGS } = await import(pathToFileURL(outfile).href);
    return { program: nodeOf(await wholeProgram()), exitCodes: EXIT_MEANINGS };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

await runScript(async () => {
  await ensureInstalled((line) => process.stderr.write(`${line}\n`));
  const { program, exitCodes } = await loadCommands();
  replaceFile(`${root}/docs/commands.md`, commandReference(program, exitCodes));
  replaceFile(`${root}/docs/tph.1`, manualPage(program, exitCodes));
  return 0;
});
