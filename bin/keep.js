// Keeps what V8 compiled; see start.js.
const { mkdirSync, renameSync, rmSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');

/**
 * Writes to the first folder that takes it. Never fails: without, the next start is only slower.
 *
 * @param {string[]} folders
 * @param {string} name of the file
 * @param {string} id of the build
 * @param {Map<string, Buffer>} code by script
 */
function keep(folders, name, id, code) {
  const head = JSON.stringify({ id, scripts: [...code].map(([script, { length }]) => [script, length]) });
  const content = Buffer.concat([Buffer.from(`${head}\n`), ...code.values()]);
  for (const folder of folders) {
    const half = join(folder, `${name}.${process.pid}.tmp`);
    try {
      mkdirSync(folder, { recursive: true, mode: 0o755 });
      writeFileSync(half, content, { mode: 0o644, flag: 'wx' });
      renameSync(half, join(folder, name));
      return;
    } catch {
      rmSync(half, { force: true });
    }
  }
}

module.exports = { keep };
