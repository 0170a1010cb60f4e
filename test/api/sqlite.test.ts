import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore } from '../../src/operations/open-store.ts';
import { storeSuite } from './suite.ts';

storeSuite('SQLite', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tph-api-'));
  return {
    store: openStore(join(folder, 'tph.db')),
    dispose: async () => rmSync(folder, { recursive: true }),
  };
});
