import { describe } from 'vitest';
import { openStore } from '../../src/operations/open-store.ts';
import { ServedStore } from '../remote/served-store.ts';
import { makeDatabase, server } from '../support/postgres.ts';
import { storeSuite } from './suite.ts';

describe.skipIf(server === null)('on PostgreSQL', () => {
  storeSuite('PostgreSQL', async () => {
    const database = await makeDatabase();
    return { store: openStore(database.url), dispose: () => database.dispose() };
  });

  storeSuite(
    'HTTP and PostgreSQL',
    async () => {
      const database = await makeDatabase();
      const store = new ServedStore(database.url);
      return {
        store,
        dispose: async () => {
          await store.stop();
          await database.dispose();
        },
      };
    },
    { isShort: true },
  );
});
