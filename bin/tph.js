#!/usr/bin/env node
// The least that must be read before the program is known to be needed: every line here is paid for at every start.
const { existsSync, writeSync } = require('node:fs');
const { join } = require('node:path');

const program = join(__dirname, '../dist/program.js');

if (isVersion()) {
  // Said.
} else if (existsSync(program)) {
  void require('./start.js').start(program).then(endAtOnce);
} else {
  process.stderr.write('tph: this copy is not built yet\nhint: `npm run build` in its folder builds it\n');
  process.exitCode = 1;
}

/** Answers `tph --version` without the program. False where something else is asked, or it cannot be written at once. */
function isVersion() {
  if (process.argv.length !== 3 || process.argv[2] !== '--version') return false;
  try {
    writeSync(1, `${require('../package.json').version}\n`);
    return true;
  } catch {
    return false;
  }
}

/**
 * Where nothing is left to wait for: to take the engine down piece by piece takes longer. And where a person does not
 * want to wait for what is left (`INTERRUPTED`).
 */
function endAtOnce() {
  if (process.exitCode === 130 || process.getActiveResourcesInfo().length === 0) process.exit();
}
