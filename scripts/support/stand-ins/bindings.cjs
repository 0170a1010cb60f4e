/// <reference path="../../build-constants.d.ts" />
// Stands in for `bindings`, which looks for the machine code of a package in a dozen folders: better-sqlite3 puts it
// into one, wherever it was compiled or fetched, and lies beside us or above.
const { existsSync } = require('node:fs');
const { dirname, join } = require('node:path');

/** @param {string} name */
module.exports = (name) => {
  const root = join(tphPlace.folder, '../..');
  const file = ['node_modules/better-sqlite3', '../better-sqlite3']
    .map((folder) => join(root, folder, 'build/Release', name))
    .find((one) => existsSync(one));
  const module = { exports: {} };
  process.dlopen(
    module,
    file ?? join(dirname(require.resolve('better-sqlite3/package.json')), 'build/Release', name),
  );
  return module.exports;
};
