// Bundles src/ into dist/. `--clean` leaves nothing of an earlier build behind; it is what a package is made from.
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { basename, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readJson, replaceFile } from './support/files.mjs';
import { filesUnder, fingerprint } from './support/fingerprint.mjs';
import { ensureInstalled } from './support/install.mjs';
import { licenceTexts } from './support/licences.mjs';
import { modulesOf, partFunctions, partsOfSeveral, phoneNumbers, programScript } from './support/parts.mjs';
import { Problem, runScript } from './support/problem.mjs';
import { buildConstants, explorerFiles, explorerPackage, root } from './support/project.mjs';
import { compileUsualCommands, partsOfUsualCommands } from './support/usual-commands.mjs';

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

/**
 * @typedef {object} Stamp
 * @property {string} inputs what dist was built from
 * @property {string[]} files relative to dist
 * @property {Record<string, string[]>} modules what each of the usual commands loads
 */

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
 * Beside dist/program.js, which holds what most starts load, the parts are named after their content, so a program that
 * runs meanwhile finds its own until the build after this one.
 *
 * @param {{ clean: boolean }} options clean: remove the parts of the build before at once
 * @returns {Promise<string>} a line on what was built
 */
export async function build({ clean }) {
  const inputs = fingerprint(root, buildInputs);
  const { outputFiles, metafile } = await bundle();
  const worker = await bundleWorker();
  const before = clean ? [] : (lastBuild()?.files ?? []);

  const parts = await partFunctions(outputFiles);
  /** @type {Map<string, string | Uint8Array>} */
  const files = new Map([...parts].map(([name, text]) => [`parts/${name}`, text]));
  for (const { path, contents } of worker.outputFiles) files.set(relative(dist, path), contents);
  const sources = [metafile, worker.metafile]
    .flatMap(({ outputs }) => Object.values(outputs))
    .flatMap(({ inputs }) => Object.keys(inputs));
  files.set(
    'third-party-licences.txt',
    Buffer.from(licenceTexts(root, [...sources, 'node_modules/swagger-ui-dist/package.json'])),
  );
  for (const name of explorerFiles) files.set(`explorer/${name}`, readFileSync(`${explorerPackage}${name}`));
  for (const [name, contents] of files) replaceFile(join(dist, name), contents);

  const program = join(dist, 'program.js');
  const flags = await globalFlags();
  replaceFile(program, programScript(parts, new Set(), flags));
  const starts = await partsOfUsualCommands();
  const held = partsOfSeveral([...starts.values()]);
  replaceFile(program, programScript(parts, held, flags));
  rmSync(join(dist, 'code'), { recursive: true, force: true });
  await compileUsualCommands();
  const compiled = filesUnder(join(dist, 'code')).map((file) => relative(dist, file));

  const written = ['program.js', ...[...files.keys()].filter((name) => !held.has(basename(name)))];
  const keep = new Set([...written, ...compiled, ...before].map((name) => resolve(dist, name)));
  for (const file of filesUnder(dist)) if (!keep.has(file)) rmSync(file);
  const modules = Object.fromEntries(
    [...starts].map(([name, loaded]) => [name, modulesOf(metafile, loaded)]),
  );
  replaceFile(stampFile, JSON.stringify({ inputs, files: written, modules }));

  const bytes = Object.values(metafile.outputs).reduce((sum, output) => sum + output.bytes, 0);
  return `dist: ${Math.ceil(bytes / 1024)} KB in ${parts.size} parts, ${held.size} of them in the program`;
}

/** The thread that reads CSV files: one file of its own, so that a start of the program reads no more parts for it. */
const csvWorker = 'csv-worker';

/** What stands in the bundle for a package. */
const standIns = {
  'abstract-logging': 'abstract-logging.cjs',
  'better-sqlite3': 'better-sqlite3.cjs',
  bindings: 'bindings.cjs',
  'light-my-request': 'light-my-request.cjs',
};

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
    alias: Object.fromEntries(
      Object.entries(standIns).map(([name, file]) => [name, join(root, 'scripts/support/stand-ins', file)]),
    ),
    plugins: [phoneNumbers],
    // From the parts that use them, which lie one folder below.
    define: buildConstants('../explorer/', `../${csvWorker}.js`),
  });

const bundleWorker = () =>
  esbuildWith({
    entryPoints: { [csvWorker]: join(root, 'src/csv/worker-main.ts') },
    define: buildConstants(),
    // CommonJS packages ask for Node's own modules with require, which an ES module does not have.
    banner: {
      js: "import { createRequire as tphCreateRequire } from 'node:module';\nconst require = tphCreateRequire(import.meta.url);",
    },
  });

/**
 * A start looks for the command behind them before any of the program is loaded.
 *
 * @returns {Promise<string[]>} as `--db= -o= --output= -n --dry-run`
 */
async function globalFlags() {
  const { outputFiles } = await esbuildWith({ entryPoints: [join(root, 'src/commands/globals.ts')] });
  const text = outputFiles.map((file) => file.text).join('');
  const url = `data:text/javascript,${encodeURIComponent(text)}`;
  const { GLOBAL_FLAGS } = /** @type {typeof import('../src/commands/globals.ts')} */ (await import(url));
  return GLOBAL_FLAGS.flatMap(([flags]) => {
    const [names = '', value] = flags.split(/ (?=<)/);
    return names.split(', ').map((name) => (value === undefined ? name : `${name}=`));
  });
}

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

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await runScript(async () => {
    const say = (/** @type {string} */ line) => process.stderr.write(`${line}\n`);
    await ensureInstalled(say);
    say(await build({ clean: process.argv.includes('--clean') }));
    return 0;
  });
}
