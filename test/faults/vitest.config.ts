import { existsSync } from 'node:fs';
import { defineConfig } from 'vitest/config';
import { buildConstants, sqliteAlias } from '../../scripts/support/project.mjs';

/** The faults; run by `npm run test:faults`, which builds the program first. One after the other: each wants the machine. */
// biome-ignore lint/style/noDefaultExport: that is how it is read
export default defineConfig({
  define: buildConstants(),
  resolve: { alias: sqliteAlias() },
  test: {
    root: new URL('../..', import.meta.url).pathname,
    include: ['test/faults/*.fault.ts'],
    fileParallelism: false,
    env: existsSync('/dev/shm') && process.env['TMPDIR'] === undefined ? { TMPDIR: '/dev/shm' } : {},
    testTimeout: 120_000,
    hookTimeout: 30_000,
    globalSetup: './test/support/postgres-setup.ts',
    reporters: ['verbose'],
  },
});
