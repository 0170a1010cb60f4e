import { readFileSync } from 'node:fs';
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

/** What stands in the source for facts known at build time; declared in build-constants.d.ts. */
export function buildConstants() {
  return { __TPH_VERSION__: JSON.stringify(manifest().version) };
}
