import { readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { posix, relative, sep } from 'node:path';
import { filesUnder } from '../support/fingerprint.mjs';
import { findCycles } from './cycles.mjs';
import { impureGlobals, impureMembers, layers, outsideNames, packageHomes, pureLayers } from './rules.mjs';
import { readSource } from './source.mjs';

/**
 * @typedef {import('./source.mjs').Source} Source
 * @typedef {import('./source.mjs').Import} Import
 * @typedef {keyof typeof import('./rules.mjs').rules} RuleName
 * @typedef {{ rule: RuleName, file: string, line: number, found: string }} Violation file: relative to the source folder
 */

/**
 * @param {string} folder the source folder
 * @returns {Violation[]} in order of file and line
 */
export function checkLayers(folder) {
  /** @type {Map<string, Source>} */
  const sources = new Map();
  for (const path of filesUnder(folder).sort()) {
    const file = relative(folder, path).split(sep).join('/');
    if (file.endsWith('.ts')) sources.set(file, readSource(file, readFileSync(path, 'utf8')));
  }
  const violations = [...sources].flatMap(([file, source]) => checkFile(file, source));
  return [...violations, ...checkCycles(sources)].sort((a, b) => compare(a.file, b.file) || a.line - b.line);
}

/** @param {string} a @param {string} b */
function compare(a, b) {
  return Number(a > b) - Number(a < b);
}

/** @param {string} file @returns {string} the folder in the source folder, or the file's own name */
function layerOf(file) {
  return (file.split('/')[0] ?? file).replace(/\.ts$/, '');
}

/**
 * @param {string} file
 * @param {Source} source
 * @returns {Violation[]}
 */
function checkFile(file, { imports, uses, waits, barrel }) {
  const own = layerOf(file);
  if (layers[own] === undefined)
    return [{ rule: 'house', file, line: 1, found: `\`${own}\` is not a layer` }];
  /** @type {Violation[]} */
  const violations = barrel ? [{ rule: 'barrel', file, line: 1, found: 'the file only re-exports' }] : [];

  for (const entry of imports) {
    for (const [rule, found] of checkImport(file, own, entry))
      violations.push({ rule, file, line: entry.line, found });
  }
  for (const { name, line } of uses) {
    const found = `uses \`${name}\``;
    if (isOutside(name, own)) violations.push({ rule: 'outside', file, line, found });
    else if (pureLayers.includes(own) && [...impureGlobals, ...impureMembers].includes(name)) {
      violations.push({ rule: 'pure', file, line, found });
    }
  }
  if (pureLayers.includes(own)) {
    for (const { what, line } of waits) violations.push({ rule: 'pure', file, line, found: `uses ${what}` });
  }
  return violations;
}

/**
 * @param {string} file
 * @param {string} own its layer
 * @param {Import} entry
 * @returns {[RuleName, string][]} the rules that it breaks, and how
 */
function checkImport(file, own, { specifier, kind }) {
  if (specifier === undefined) return [['visible', 'imports a computed path']];
  if (specifier.startsWith('.')) {
    const target = posix.join(posix.dirname(file), specifier);
    if (target.startsWith('..')) return [['house', `imports \`${specifier}\`, which is not in src/`]];
    return mayImport(own, target, kind) ? [] : [['arrow', arrowText(own, target, kind)]];
  }
  const name = packageName(specifier);
  if (isOutside(name, own)) return [['outside', `imports \`${name}\``]];
  if (pureLayers.includes(own) && name.startsWith('node:')) return [['pure', `imports \`${name}\``]];
  const homes = homesOf(name);
  return homes === undefined || homes.includes(own)
    ? []
    : [['home', `imports \`${name}\`, which belongs to ${homes.map((home) => `\`${home}\``).join(' and ')}`]];
}

/**
 * @param {string} own
 * @param {string} target
 * @param {Import['kind']} kind
 */
function mayImport(own, target, kind) {
  const layer = layers[own];
  const to = layerOf(target);
  if (layer === undefined || layer === 'everything' || to === own) return true;
  return (
    layer.imports.includes(to) ||
    (layer.files?.includes(target) ?? false) ||
    (kind === 'type' && (layer.types?.includes(to) ?? false))
  );
}

/**
 * @param {string} own
 * @param {string} target
 * @param {Import['kind']} kind
 */
function arrowText(own, target, kind) {
  const layer = layers[own];
  if (layer === undefined || layer === 'everything') return '';
  const typesOnly = (layer.types ?? []).map((name) => `types of ${name}`);
  const allowed = [...layer.imports, ...(layer.files ?? []), ...typesOnly].join(', ') || 'nothing of ours';
  return `\`${own}\` imports ${kind === 'type' ? 'types of ' : ''}\`${target}\`; it may import ${allowed}`;
}

/** @param {string} specifier @returns {string} `node:fs`, `zod`, `@inquirer/core` */
function packageName(specifier) {
  if (specifier.startsWith('node:')) return specifier;
  if (builtinModules.includes(specifier)) return `node:${specifier}`;
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}

/** @param {string} name @returns {readonly string[] | undefined} */
function homesOf(name) {
  /** @type {Readonly<Record<string, readonly string[]>>} */
  const homes = packageHomes;
  return homes[name] ?? homes[`${name.split('/')[0]}/*`];
}

/** @param {string} name @param {string} own */
function isOutside(name, own) {
  const allowed = /** @type {Readonly<Record<string, readonly string[]>>} */ (outsideNames);
  return Object.hasOwn(allowed, name) && !allowed[name]?.includes(own);
}

/** @param {ReadonlyMap<string, Source>} sources @returns {Violation[]} */
function checkCycles(sources) {
  /** @type {Map<string, Map<string, number>>} */
  const graph = new Map();
  for (const [file, { imports }] of sources) {
    const edges = imports.flatMap(({ specifier, kind, line }) => {
      if (kind === 'type' || !specifier?.startsWith('.')) return [];
      return [/** @type {const} */ ([posix.join(posix.dirname(file), specifier), line])];
    });
    graph.set(file, new Map(edges));
  }
  return findCycles(graph).map((cycle) => ({
    rule: 'cycle',
    file: cycle[0] ?? '',
    line: graph.get(cycle[0] ?? '')?.get(cycle[1] ?? '') ?? 1,
    found: cycle.join(' → '),
  }));
}
