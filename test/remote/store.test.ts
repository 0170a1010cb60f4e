import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { storeSuite } from '../api/suite.ts';
import { ServedStore } from './served-store.ts';

storeSuite('HTTP', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tph-http-'));
  const store = new ServedStore(join(folder, 'tph.db'));
  return {
    store,
    dispose: async () => {
      await store.stop();
      rmSync(folder, { recursive: true });
    },
  };
});
