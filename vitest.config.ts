import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { buildConstants, sqliteAlias } from './scripts/support/project.mjs';

export default defineConfig({
  define: buildConstants(),
  resolve: { alias: sqliteAlias() },
  test: {
    pool: 'threads',
    // Test files share the modules that are loaded, which is far faster; so no module may keep state of its own.
    isolate: false,
    // Many tests wait for a server or a process; vitest would leave one processor of two idle.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    // Every acknowledged change is synced to the disk; on one that is memory the same databases are tested in half the time.
    env: existsSync('/dev/shm') && process.env['TMPDIR'] === undefined ? { TMPDIR: '/dev/shm' } : {},
    testTimeout: 30_000,
    hookTimeout: 60_000,
    globalSetup: './test/support/postgres-setup.ts',
    // Failures, then the counts.
    reporters: ['minimal'],
    projects: [
      { extends: true, test: { name: 'all', include: ['test/**/*.test.ts'] } },
      // What commands do must not depend on where the data is: once more, on a profile that points at a server.
      {
        extends: true,
        test: {
          name: 'over HTTP',
          include: [
            'customer',
            'decisions',
            'dept',
            'export',
            'forecast',
            'frame',
            'import',
            'log',
            'pref',
            'prompts',
            'records',
            'settings',
          ].map((name) => `test/cli/${name}.test.ts`),
          env: { TPH_TEST_OVER: 'http' },
        },
      },
      {
        extends: true,
        test: {
          name: 'on PostgreSQL',
          include: [
            ...[
              'calendar',
              'completion',
              'customer',
              'decisions',
              'dept',
              'dry-run',
              'export',
              'forecast',
              'import',
              'import-edges',
              'import-interrupted',
              'import-round-trip',
              'log',
              'log-follow',
              'pref',
              'prompts',
              'records',
              'segments',
              'settings',
            ].map((name) => `test/cli/${name}.test.ts`),
            ...['accounts', 'eligible', 'release'].map((name) => `test/corpus/${name}.test.ts`),
          ],
          env: { TPH_TEST_OVER: 'postgres' },
        },
      },
    ],
  },
});
