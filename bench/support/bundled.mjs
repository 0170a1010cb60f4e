import { basename, join } from 'node:path';
import { build } from 'esbuild';
import { buildConstants, root, sqliteAlias } from '../../scripts/support/project.mjs';

/**
 * Bundles a TypeScript file that uses the program's own modules, so that a bare Node runs it.
 *
 * @param {string} entry from the folder bench
 * @returns {Promise<string>} the bundle in .cache; the packages stay where they are
 */
export async function bundled(entry) {
  const outfile = join(root, '.cache', `bench-${basename(entry, '.ts')}.mjs`);
  await build({
    entryPoints: [join(root, 'bench', entry)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    alias: sqliteAlias(),
    define: buildConstants(),
    logLevel: 'error',
  });
  return outfile;
}
