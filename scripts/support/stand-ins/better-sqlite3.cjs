// Stands in for `better-sqlite3`: version 12, the last that runs on Node 20, has objects that Node 24 aborts on when it
// collects them as garbage; version 13 begins with Node 22. npm leaves the optional one out where Node is too old for it.
const napi = 'better-sqlite3-napi';

function newer() {
  if (Number.parseInt(process.versions.node, 10) < 22) return undefined;
  try {
    return require(napi);
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'MODULE_NOT_FOUND') return undefined;
    throw error;
  }
}

// @ts-expect-error: its types are those of the package's name, for which this stands
module.exports = newer() ?? require('../../../node_modules/better-sqlite3/lib/index.js');
