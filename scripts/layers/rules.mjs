// The arrows of src/, as data. A layer is a folder of src/, or a file directly in it (without `.ts`).

/**
 * @typedef {object} Layer
 * @property {readonly string[]} imports the layers it may import; every layer may import itself
 * @property {readonly string[]} [types] the layers of which it may import types only
 * @property {readonly string[]} [files] single files elsewhere in src/ that it may import too
 */

/** @type {Readonly<Record<string, Layer | 'everything'>>} */
export const layers = {
  values: { imports: [] },
  records: { imports: ['values'] },
  resolver: { imports: ['values'], types: ['records'] },
  contract: { imports: ['records', 'values'], types: ['resolver'] },
  db: { imports: ['records', 'values'], types: ['resolver'] },
  operations: { imports: ['contract', 'resolver', 'records', 'db', 'values'] },
  remote: { imports: ['contract', 'resolver', 'records', 'values'] },
  server: { imports: ['contract', 'records', 'values'] },
  csv: { imports: ['contract', 'records', 'values', 'terminal'] },
  terminal: { imports: ['values'], types: ['host'] },
  config: { imports: ['values'], types: ['host'] },
  commands: {
    imports: ['contract', 'csv', 'records', 'values', 'terminal'],
    types: ['resolver', 'host'],
    // The plain words of the reasons that the resolver gives.
    files: ['resolver/reasons.ts'],
  },
  host: { imports: ['values'] },
  main: 'everything',
};

/** Packages that only the named layers may import, types included. `scope/*` stands for all packages of a scope. */
export const packageHomes = {
  kysely: ['db'],
  'better-sqlite3': ['db'],
  pg: ['db'],
  pgpass: ['db'],
  fastify: ['server'],
  '@fastify/*': ['server'],
  commander: ['main', 'commands'],
  '@inquirer/*': ['terminal'],
  'cli-progress': ['terminal'],
  'string-width': ['terminal'],
  papaparse: ['csv'],
  udsv: ['csv'],
  'iconv-lite': ['csv'],
  undici: ['remote'],
};

/** Layers whose answer depends on their input alone. */
export const pureLayers = ['values', 'records', 'resolver'];

/** Globals that make an answer depend on something else, or later than now. */
export const impureGlobals = [
  'Promise',
  'queueMicrotask',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'crypto',
];
export const impureMembers = ['Math.random'];

/** What comes from outside, and the layers that may touch it; a member (`Temporal.Now`) counts like a global. */
const outside = ['host', 'server'];
export const outsideNames = {
  Date: outside,
  console: outside,
  process: outside,
  performance: outside,
  globalThis: outside,
  'Temporal.Now': outside,
  'node:process': outside,
  'node:console': outside,
  'node:perf_hooks': outside,
  fetch: [...outside, 'remote'],
};

/**
 * @typedef {object} Rule
 * @property {string} says
 * @property {string} why
 * @property {string} instead what to do
 */

/** @type {Readonly<Record<'house' | 'arrow' | 'pure' | 'home' | 'outside' | 'cycle' | 'barrel' | 'visible', Rule>>} */
export const rules = {
  house: {
    says: 'every file of src/ belongs to a layer',
    why: 'a newcomer finds the file for a thing by its name, and a file without a layer escapes all rules',
    instead:
      'move it to the layer it belongs to; for a new layer, add its arrows to scripts/layers/rules.mjs',
  },
  arrow: {
    says: 'a layer imports only the layers it is built on',
    why: 'data travels one way: what decides does not know what stores, and what a user sees does not know where it came from',
    instead:
      'move the shared part down to a layer that both may import, or have the caller pass it in (main composes)',
  },
  pure: {
    says: '`values`, `records` and `resolver` answer at once, from their input alone',
    why: 'decisions are tested as plain cases and must be the same everywhere, at any time',
    instead:
      'take the value as a parameter; reading and waiting is for `operations`, or for the layer that calls',
  },
  home: {
    says: 'a package that does one job is used in the one layer that has this job',
    why: 'it can be replaced in one place, and a start loads only what it needs',
    instead: 'call the layer that wraps the package, and give that layer a function for what is missing',
  },
  outside: {
    says: 'the clock, the streams, the process and the network are reached through the host',
    why: 'a run must be repeatable in a test, at any instant and with any streams',
    instead: 'take the instant, the stream or the function from the `Host` that is passed in',
  },
  cycle: {
    says: 'imports have no cycles',
    why: 'neither file can be understood, loaded or tested without the other',
    instead: 'move what both need to a file of its own; where only a type is needed, write `import type`',
  },
  barrel: {
    says: 'no file only re-exports',
    why: 'it hides where a thing is and loads everything beside it',
    instead: 'remove the file and import from the file that defines the thing',
  },
  visible: {
    says: 'what is imported is written out',
    why: 'neither this check nor the bundler can follow a computed path',
    instead: 'write a table of names to `() => import("./…")` with the paths in full',
  },
};
