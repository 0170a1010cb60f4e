import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The folder that holds package.json, without a final slash. */
export const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/[\\/]$/, '');

/**
 * @typedef {object} Manifest
 * @property {string} version
 * @property {{ node: string }} engines
 * @property {Record<string, string>} dependencies the packages that are installed with tph; all others are bundled
 */

/** @returns {Manifest} package.json */
export function manifest() {
  return JSON.parse(readFileSync(`${root}/package.json`, 'utf8'));
}

/**
 * What `better-sqlite3` stands for in tests and benchmarks: version 12, or where Node and npm have it version 13, as in the
 * built program (see stand-ins/better-sqlite3.cjs).
 *
 * @returns {Record<string, string>}
 */
export function sqliteAlias() {
  const isThere = existsSync(`${root}/node_modules/better-sqlite3-napi/package.json`);
  return isThere && Number.parseInt(process.versions.node, 10) >= 22
    ? { 'better-sqlite3': 'better-sqlite3-napi' }
    : {};
}

/** The folder of the package whose files the API explorer is made of. */
export const explorerPackage = `${root}/node_modules/swagger-ui-dist/`;
/** Its files that are served. */
export const explorerFiles = ['swagger-ui-bundle.js', 'swagger-ui.css'];

/**
 * What stands in the source for facts known at build time; declared in build-constants.d.ts.
 *
 * @param {string} [explorer] where the explorer's files are, from the file that serves them
 * @param {string} [csvWorker] the thread that reads CSV files, from the file that starts it; empty: none is started
 */
export function buildConstants(explorer = `file://${explorerPackage}`, csvWorker = '') {
  return {
    __TPH_VERSION__: JSON.stringify(manifest().version),
    __TPH_EXPLORER__: JSON.stringify(explorer),
    __TPH_CSV_WORKER__: JSON.stringify(csvWorker),
  };
}
