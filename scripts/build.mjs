// Bundles src/ into dist/. `--clean` leaves nothing of an earlier build behind; it is what a package is made from.
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readJson, replaceFile } from './support/files.mjs';
import { filesUnder, fingerprint } from './support/fingerprint.mjs';
import { ensureInstalled } from './support/install.mjs';
import { licenceTexts } from './support/licences.mjs';
import { Problem, runScript } from './support/problem.mjs';
import { buildConstants, explorerFiles, explorerPackage, manifest, root } from './support/project.mjs';

const dist = join(root, 'dist');
const stampFile = join(dist, 'build.json');

/** All that the build reads. */
export const buildInputs = [
  'src',
  'scripts/build.mjs',
  'scripts/support',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
];

/** @typedef {{ inputs: string, files: string[] }} Stamp what dist was built from, and its files relative to dist */

/** @returns {boolean} whether dist holds what a build would give now */
export function isBuilt() {
  const stamp = lastBuild();
  if (stamp === undefined || stamp.inputs !== fingerprint(root, buildInputs)) return false;
  return stamp.files.every((file) => existsSync(join(dist, file)));
}

/** @returns {Stamp | undefined} */
function lastBuild() {
  return /** @type {Stamp | undefined} */ (readJson(stampFile));
}

/**
 * The parts are named after their content, so a program that runs meanwhile finds its own until the build after
 * this one, and the entry, written last, never names a part that is not there.
 *
 * @param {{ clean: boolean }} options clean: remove the parts of the build before at once
 * @returns {Promise<string>} a line on what was built
 */
export async function build({ clean }) {
  const inputs = fingerprint(root, buildInputs);
  const { outputFiles, metafile } = await bundle();
  const worker = await bundleWorker();
  const before = clean ? [] : (lastBuild()?.files ?? []);

  const files = new Map(
    [...outputFiles, ...worker.outputFiles].map(({ path, contents }) => [
      relative(dist, path).replaceAll('\\', '/'),
      contents,
    ]),
  );
  const sources = [metafile, worker.metafile]
    .flatMap(({ outputs }) => Object.values(outputs))
    .flatMap(({ inputs }) => Object.keys(inputs));
  files.set(
    'third-party-licences.txt',
    Buffer.from(licenceTexts(root, [...sources, 'node_modules/swagger-ui-dist/package.json'])),
  );
  for (const name of explorerFiles) files.set(`explorer/${name}`, readFileSync(`${explorerPackage}${name}`));
  const entryLast = [...files].sort(([a], [b]) => Number(a === 'tph.js') - Number(b === 'tph.js'));
  for (const [name, contents] of entryLast) replaceFile(join(dist, name), contents);

  const keep = new Set([...files.keys(), ...before].map((name) => resolve(dist, name)));
  for (const file of filesUnder(dist)) if (!keep.has(file)) rmSync(file);
  replaceFile(stampFile, JSON.stringify({ inputs, files: [...files.keys()] }));

  const parts = outputFiles.length - 1;
  return `dist: ${kilobytes(metafile, Object.keys(metafile.outputs))} in an entry and ${parts} parts; a start loads ${kilobytes(metafile, atStart(metafile))}`;
}

/** The thread that reads CSV files: one file of its own, so that a start of the program reads no more parts for it. */
const csvWorker = 'csv-worker';

const bundle = () =>
  esbuildWith({
    stdin: {
      contents: "export { realHost } from './host.ts';\nexport { run } from './main.ts';\n",
      resolveDir: join(root, 'src'),
      sourcefile: 'entry.ts',
      loader: 'ts',
    },
    entryNames: 'tph',
    chunkNames: 'parts/[name]-[hash]',
    splitting: true,
    external: Object.keys(manifest().dependencies),
    alias: Object.fromEntries(
      ['abstract-logging', 'light-my-request'].map((name) => [
        name,
        join(root, `scripts/support/stand-ins/${name}.cjs`),
      ]),
    ),
    // From the parts that use them, which lie one folder below.
    define: buildConstants('../explorer/', `../${csvWorker}.js`),
  });

const bundleWorker = () =>
  esbuildWith({
    entryPoints: { [csvWorker]: join(root, 'src/csv/worker-main.ts') },
    define: buildConstants(),
  });

/** @param {import('esbuild').BuildOptions} options what the bundles do not have in common */
async function esbuildWith(options) {
  const esbuild = await import('esbuild');
  try {
    return await esbuild.build({
      ...options,
      absWorkingDir: root,
      outdir: dist,
      bundle: true,
      format: 'esm',
      platform: 'node',
      target: 'node20.19',
      mainFields: ['module', 'main'],
      // Names stay as they are: `-v` shows stack traces.
      minifyWhitespace: true,
      minifySyntax: true,
      // CommonJS packages ask for Node's own modules with require, which an ES module does not have.
      banner: {
        js: "import { createRequire as tphCreateRequire } from 'node:module';\nconst require = tphCreateRequire(import.meta.url);",
      },
      legalComments: 'none',
      charset: 'utf8',
      metafile: true,
      write: false,
    });
  } catch (error) {
    // esbuild has printed what is wrong, and where.
    if (error instanceof Error && 'errors' in error) throw new Problem('build failed');
    throw error;
  }
}

/** @typedef {import('esbuild').Metafile} Metafile */

/** @param {Metafile} metafile @returns {string[]} the outputs that every start reads */
function atStart(metafile) {
  const found = new Set(['dist/tph.js']);
  for (const path of found) {
    for (const part of metafile.outputs[path]?.imports ?? []) {
      if (part.kind === 'import-statement' && part.external !== true) found.add(part.path);
    }
  }
  return [...found];
}

/** @param {Metafile} metafile @param {readonly string[]} paths */
function kilobytes(metafile, paths) {
  const bytes = paths.reduce((sum, path) => sum + (metafile.outputs[path]?.bytes ?? 0), 0);
  return `${Math.ceil(bytes / 1024)} KB`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await runScript(async () => {
    const say = (/** @type {string} */ line) => process.stderr.write(`${line}\n`);
    await ensureInstalled(say);
    say(await build({ clean: process.argv.includes('--clean') }));
    return 0;
  });
}
