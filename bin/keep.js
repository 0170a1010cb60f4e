// Keeps what V8 compiled; see start.js.
const { closeSync, mkdirSync, openSync, renameSync, rmSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');

/**
 * Writes to the first folder that takes it. Never fails: without, the next start is only slower.
 *
 * @param {string[]} folders
 * @param {string} name of the file
 * @param {string} id of the build
 * @param {() => Map<string, Buffer>} compiled the code by script; asked for where it can be written
 */
function keep(folders, name, id, compiled) {
  for (const folder of folders) {
    const half = join(folder, `${name}.${process.pid}.tmp`);
    try {
      mkdirSync(folder, { recursive: true, mode: 0o755 });
      const handle = openSync(half, 'wx', 0o644);
      try {
        const code = compiled();
        const head = JSON.stringify({
          id,
          scripts: [...code].map(([script, { length }]) => [script, length]),
        });
        writeFileSync(handle, Buffer.concat([Buffer.from(`${head}\n`), ...code.values()]));
      } finally {
        closeSync(handle);
      }
      renameSync(half, join(folder, name));
      return;
    } catch {
      forget(half);
    }
  }
}

/** @param {string} file that was perhaps begun */
function forget(file) {
  try {
    rmSync(file, { force: true });
  } catch {
    // It was not.
  }
}

module.exports = { keep };
