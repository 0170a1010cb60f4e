import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';

/**
 * Each part of a bundle as a function that bin/start.js calls: V8 keeps the code of scripts, not that of ES modules.
 *
 * @param {readonly import('esbuild').OutputFile[]} outputs
 * @returns {Promise<ReadonlyMap<string, string>>} by file name
 */
export async function partFunctions(outputs) {
  const { transform } = await import('esbuild');
  const parts = outputs.map(async ({ path, text }) => {
    const { code } = await transform(text, {
      format: 'cjs',
      platform: 'node',
      target: 'node20.19',
      supported: { 'dynamic-import': false },
      minifyWhitespace: true,
      minifySyntax: true,
      legalComments: 'none',
      // One byte a character, which V8 reads fastest.
      charset: 'ascii',
      define: { 'import.meta.url': 'tphPlace.here' },
    });
    // What one part loads of another is an ES module already, and known by its name.
    const plain = code
      .replace(/__toESM\d*\((require\("\.[^"]*"\))\)/g, '$1')
      .replace(/\brequire\("\.(?:[^"]*\/)?([^"/]+)"\)/g, 'tphPart("$1")');
    return /** @type {const} */ ([
      basename(path),
      `function(tphPart,require,module,tphPlace){${withoutHelpers(plain)}}`,
    ]);
  });
  return new Map(await Promise.all(parts));
}

/**
 * What a part exports in words of its own: the helpers by which esbuild says it stand in each part, and are run there.
 *
 * @param {string} code
 */
function withoutHelpers(code) {
  if (code.includes('__toESM(require')) return code;
  return code
    .replace(/0&&\(module\.exports=\{[^}]*\}\);\s*$/, '')
    .replace(
      /^var __(?:create|defProp)=.*?var stdin_exports=\{\};__export\(stdin_exports,\{(.*?)\}\);module\.exports=__toCommonJS\(stdin_exports\);/,
      (_, list) => `module.exports={${list.replace(/([\w$]+):\(\)=>([\w$.]+)/g, 'get $1(){return $2}')}};`,
    );
}

/**
 * The script that holds the parts of most starts.
 *
 * @param {ReadonlyMap<string, string>} parts all there are
 * @param {ReadonlySet<string>} held the names of those that it holds
 * @param {readonly string[]} flags the global flags, with `=` those that take a value
 */
export function programScript(parts, held, flags) {
  const sum = createHash('sha256');
  for (const [name, text] of parts) sum.update(`${name} ${held.has(name)} ${text}\n`);
  const functions = [...parts]
    .filter(([name]) => held.has(name))
    .map(([name, text]) => `${JSON.stringify(name)}:${text}`);
  return `//${[sum.digest('hex').slice(0, 32), ...flags].join(' ')}\n({${functions.join(',\n')}})\n`;
}

/** @param {readonly (readonly string[])[]} starts the parts that each loads @returns {Set<string>} what several load */
export function partsOfSeveral(starts) {
  return new Set(starts.flat().filter((part) => starts.filter((parts) => parts.includes(part)).length > 1));
}

/**
 * The modules of each start: ours by file, others by package.
 *
 * @param {import('esbuild').Metafile} metafile
 * @param {readonly string[]} parts file names
 * @returns {string[]} sorted
 */
export function modulesOf(metafile, parts) {
  const names = new Set(parts);
  const files = Object.entries(metafile.outputs)
    .filter(([path]) => names.has(basename(path)))
    .flatMap(([, { inputs }]) => Object.entries(inputs))
    .flatMap(([file, { bytesInOutput }]) => (bytesInOutput > 0 ? [file] : []));
  return [
    ...new Set(files.map((file) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? file)),
  ].sort();
}

/**
 * The numbering plans of the world as a text, of which each country's is parsed when it is asked for: parsing all takes as
 * long as finding a customer.
 *
 * @type {import('esbuild').Plugin}
 */
export const phoneNumbers = {
  name: 'phone-numbers',
  setup: ({ onLoad }) =>
    onLoad({ filter: /libphonenumber-js[\\/]metadata\.max\.json\.js$/ }, ({ path }) => {
      const { countries, ...rest } = JSON.parse(readFileSync(path.replace(/\.js$/, ''), 'utf8'));
      const plans = Object.entries(countries).map(([code, plan]) => `${code}${JSON.stringify(plan)}`);
      return {
        contents: `${lazyPlans}(${JSON.stringify(`\n${plans.join('\n')}\n`)}, ${JSON.stringify(rest)})`,
        loader: 'js',
      };
    }),
};

const lazyPlans = `export default ((plans, rest) => {
  const planOf = (known, code) => {
    if (Object.hasOwn(known, code) || typeof code !== 'string' || !/^[A-Z]{2}$/.test(code)) return known[code];
    const at = plans.indexOf('\\n' + code);
    return at < 0 ? undefined : (known[code] = JSON.parse(plans.slice(at + 3, plans.indexOf('\\n', at + 3))));
  };
  const codes = () => plans.match(/^[A-Z]{2}/gm);
  return { ...rest, countries: new Proxy({}, {
    get: planOf,
    has: (known, code) => planOf(known, code) !== undefined,
    ownKeys: codes,
    getOwnPropertyDescriptor: (known, code) =>
      planOf(known, code) && { value: known[code], enumerable: true, configurable: true, writable: true },
  }) };
})`;
