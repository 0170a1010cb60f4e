#!/usr/bin/env node
import { existsSync } from 'node:fs';

const entry = new URL('../dist/tph.js', import.meta.url);

if (existsSync(entry)) {
  const { realHost, run } = await import(entry.href);
  process.exitCode = await run(process.argv, realHost());
} else {
  process.stderr.write('tph: this copy is not built yet\nhint: `npm run build` in its folder builds it\n');
  process.exitCode = 1;
}
