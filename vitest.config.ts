import { defineConfig } from 'vitest/config';
import { buildConstants } from './scripts/support/project.mjs';

export default defineConfig({
  define: buildConstants(),
  test: {
    include: ['test/**/*.test.ts'],
    pool: 'threads',
    // Test files share the modules that are loaded, which is far faster; so no module may keep state of its own.
    isolate: false,
    testTimeout: 10_000,
    hookTimeout: 10_000,
    // Failures, then the counts.
    reporters: ['minimal'],
  },
});
