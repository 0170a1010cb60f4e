import { describe } from 'vitest';
import { openStore } from '../../src/operations/open-store.ts';
import { makeDatabase, server } from '../support/postgres.ts';
import { storeSuite } from './suite.ts';

describe.skipIf(server === null)('on PostgreSQL', () => {
  storeSuite('PostgreSQL', async () => {
    const database = await makeDatabase();
    return { store: openStore(database.url), dispose: () => database.dispose() };
  });
});
