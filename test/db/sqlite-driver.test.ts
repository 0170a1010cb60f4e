import { expect, it } from 'vitest';
import { explainFile } from '../../src/db/sqlite-errors.ts';

const failed = (message: string) =>
  explainFile(Object.assign(new Error(message), { code: 'ERR_DLOPEN_FAILED' }), '/data/tph.db');

const built = (forModules: number, running: number) =>
  failed(
    `The module '/usr/lib/better_sqlite3.node'\nwas compiled against a different Node.js version using\nNODE_MODULE_VERSION ${forModules}. This version of Node.js requires\nNODE_MODULE_VERSION ${running}. Please try re-compiling`,
  );

it.each([
  [built(115, 127), 'better-sqlite3 was built for Node.js 20, and this is Node.js 22'],
  [built(137, 115), 'better-sqlite3 was built for Node.js 24, and this is Node.js 20'],
  [
    built(115, 999),
    'better-sqlite3 was built for Node.js 20, and this is another Node.js (module version 999)',
  ],
  [
    failed('/lib/libm.so.6: version `GLIBC_2.38` not found'),
    'better-sqlite3 cannot be loaded: /lib/libm.so.6: version `GLIBC_2.38` not found',
  ],
])('says what is wrong with the driver of SQLite, and what mends it', (error, message) => {
  expect(error).toMatchObject({
    code: 'UNAVAILABLE',
    message,
    hint: expect.stringContaining('`npm rebuild better-sqlite3`'),
  });
});
