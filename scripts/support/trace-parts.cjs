// Runs the built program, and then writes the parts that it loaded as the last line of its output.
const { join } = require('node:path');
const { start } = require('../../bin/start.js');

void start(join(__dirname, '../../dist/program.js')).then((parts) =>
  process.stdout.write(`\n${JSON.stringify(parts)}\n`),
);
