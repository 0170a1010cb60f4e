import { describe } from 'vitest';
import { ServedStore } from '../remote/served-store.ts';
import { makeDatabase, server } from '../support/postgres.ts';
import { storeSuite } from './suite.ts';

describe.skipIf(server === null)('on PostgreSQL', () => {
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
