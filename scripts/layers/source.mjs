import { parseSync } from 'rolldown/utils';

/**
 * @typedef {{ specifier: string | undefined, kind: 'value' | 'type' | 'dynamic', line: number }} Import
 * specifier: as written; undefined where it is computed
 * @typedef {{ name: string, line: number }} Use a name that the file does not declare (`Date`), or a member of one (`Math.random`)
 * @typedef {{ what: string, line: number }} Wait a place where an answer comes later
 * @typedef {{ imports: Import[], uses: Use[], waits: Wait[], barrel: boolean }} Source what the rules look at in a file; lines count from 1
 * @typedef {{ type: string, start: number, [key: string]: unknown }} Node
 */

/**
 * @param {string} file the name, for errors
 * @param {string} text TypeScript
 * @returns {Source}
 */
export function readSource(file, text) {
  const { program, errors } = parseSync(file, text, { lang: 'ts' });
  if (errors[0] !== undefined) throw new Error(`${file}: ${errors[0].message}`);
  const lineStarts = [...text.matchAll(/\n/g)].map(({ index }) => index);
  const lineAt = (/** @type {number} */ offset) => lineStarts.filter((start) => start < offset).length + 1;

  /** @type {Source} */
  const source = { imports: [], uses: [], waits: [], barrel: isBarrel(/** @type {any} */ (program.body)) };
  /** @type {Set<string>} */
  const declared = new Set();
  walk(/** @type {any} */ (program), undefined, '', false, (node, parent, key, inType) => {
    const imported = importOf(node);
    if (imported !== undefined) source.imports.push({ ...imported, line: lineAt(node.start) });
    const what = waitOf(node);
    if (what !== undefined) source.waits.push({ what, line: lineAt(node.start) });
    for (const pattern of patternsOf(node)) for (const name of namesIn(pattern)) declared.add(name);
    const name = inType ? undefined : (memberOf(node) ?? referenceOf(node, parent, key));
    if (name !== undefined) source.uses.push({ name, line: lineAt(node.start) });
  });
  // Per file, not per scope: a parameter called `process` hides the global in all of the file.
  return { ...source, uses: source.uses.filter(({ name }) => !declared.has(name)) };
}

/** Nodes of TypeScript that hold code; all others hold types only. */
const codeNodes = [
  'TSAsExpression',
  'TSSatisfiesExpression',
  'TSNonNullExpression',
  'TSInstantiationExpression',
];

/**
 * @param {Node} node
 * @param {Node | undefined} parent
 * @param {string} key where in the parent it is
 * @param {boolean} inType
 * @param {(node: Node, parent: Node | undefined, key: string, inType: boolean) => void} visit
 */
function walk(node, parent, key, inType, visit) {
  const nowInType = inType || (node.type.startsWith('TS') && !codeNodes.includes(node.type));
  visit(node, parent, key, nowInType);
  for (const [childKey, value] of Object.entries(node)) {
    for (const child of Array.isArray(value) ? value : [value]) {
      if (isNode(child)) walk(child, node, childKey, nowInType, visit);
    }
  }
}

/** @param {unknown} value @returns {value is Node} */
function isNode(value) {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value;
}

/** @param {Node} node @returns {Omit<Import, 'line'> | undefined} */
function importOf(node) {
  const specifier = literal(node['source']);
  switch (node.type) {
    case 'ImportDeclaration':
      return { specifier, kind: node['importKind'] === 'type' ? 'type' : 'value' };
    case 'ExportAllDeclaration':
    case 'ExportNamedDeclaration':
      if (!isNode(node['source'])) return undefined;
      return { specifier, kind: node['exportKind'] === 'type' ? 'type' : 'value' };
    case 'ImportExpression':
      return { specifier, kind: 'dynamic' };
    case 'TSImportType':
      return { specifier, kind: 'type' };
    default:
      return undefined;
  }
}

/** @param {unknown} node @returns {string | undefined} the text of a string, or of a template without a hole */
function literal(node) {
  if (!isNode(node)) return undefined;
  if (node.type === 'Literal' && typeof node['value'] === 'string') return node['value'];
  const quasis = /** @type {{ value: { cooked: string } }[] | undefined} */ (node['quasis']);
  return node.type === 'TemplateLiteral' && quasis?.length === 1 ? quasis[0]?.value.cooked : undefined;
}

/** @param {Node} node @returns {string | undefined} */
function waitOf(node) {
  if (node['async'] === true) return 'an async function';
  if (node.type === 'AwaitExpression' || node['await'] === true) return '`await`';
  if (node.type === 'ImportExpression') return '`import()`';
  if (node.type === 'TSTypeReference') {
    const name = /** @type {Node} */ (node['typeName'])['name'];
    if (name === 'Promise' || name === 'PromiseLike') return `the type \`${name}\``;
  }
  return undefined;
}

/** @param {Node} node @returns {unknown[]} the patterns that give names to what the node declares */
function patternsOf(node) {
  if (/^(Function|Class)|^ArrowFunction/.test(node.type)) {
    return [node['id'], ...(Array.isArray(node['params']) ? node['params'] : [])];
  }
  if (node.type === 'VariableDeclarator') return [node['id']];
  if (node.type === 'CatchClause') return [node['param']];
  return /^Import\w*Specifier$/.test(node.type) ? [node['local']] : [];
}

/** @param {unknown} pattern @returns {string[]} */
function namesIn(pattern) {
  if (!isNode(pattern)) return [];
  if (pattern.type === 'Identifier') return [String(pattern['name'])];
  const inner = [
    pattern['left'],
    pattern['argument'],
    pattern['value'],
    pattern['properties'],
    pattern['elements'],
  ];
  return inner.flat().flatMap(namesIn);
}

/** @param {Node} node @returns {string | undefined} `object.property` */
function memberOf(node) {
  const { object, property, computed } = node;
  if (node.type !== 'MemberExpression' || computed === true || !isNode(object) || !isNode(property))
    return undefined;
  return object.type === 'Identifier' ? `${object['name']}.${property['name']}` : undefined;
}

/**
 * @param {Node} node
 * @param {Node | undefined} parent
 * @param {string} key
 * @returns {string | undefined} the name, where the node is one that stands for a value
 */
function referenceOf(node, parent, key) {
  if (node.type !== 'Identifier' || parent === undefined) return undefined;
  const isName =
    (['property', 'key'].includes(key) && parent['computed'] !== true) ||
    ['imported', 'exported', 'label', 'meta'].includes(key) ||
    (parent.type === 'ExportSpecifier' && key === 'local');
  return isName ? undefined : String(node['name']);
}

/** @param {readonly Node[]} statements @returns {boolean} whether all they do is pass on what other files export */
function isBarrel(statements) {
  const exports = statements.filter(({ type }) => type.startsWith('Export'));
  const passesOn = exports.every(
    (node) => node.type === 'ExportAllDeclaration' || isNode(node['source']) || isListOnly(node),
  );
  const others = statements.filter(({ type }) => !type.startsWith('Export') && type !== 'ImportDeclaration');
  return exports.length > 0 && passesOn && others.length === 0;
}

/** @param {Node} node `export { a, b }` without a declaration */
function isListOnly(node) {
  return node.type === 'ExportNamedDeclaration' && !isNode(node['declaration']);
}
