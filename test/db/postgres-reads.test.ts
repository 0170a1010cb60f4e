// How many rows PostgreSQL reads for what people wait for, by its own count, on tables that are filled and analysed.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Api } from '../../src/contract/api.ts';
import { openStore } from '../../src/operations/open-store.ts';
import { makeDatabase, server, type TestDatabase } from '../support/postgres.ts';
import { session } from './files.ts';

/** So many customers, each with two favourites and a line in the log; one driver for ten of them. */
const CUSTOMERS = 20_000;
/** More than any page needs, and far less than the tables have. */
const MOST = 1500;

const FILL = `
insert into customer (client_id, id, created_date, updated_date, first_name, last_name, phone, full_name_folded)
  select c.id, n, 1, n, 'Bo', 'Li ' || n, '+35386' || lpad(n::text, 7, '0'), 'bo li ' || n
  from client c, generate_series(1, ${CUSTOMERS}) n;
insert into driver (client_id, id, created_date, updated_date, callsign, callsign_folded, status)
  select c.id, ${CUSTOMERS} + n, 1, n, 'D' || n, 'd' || n, case when n % 1000 = 0 then 'SUSPENDED' else 'ACTIVE' end
  from client c, generate_series(1, ${CUSTOMERS / 10}) n;
insert into driver_customer (client_id, id, created_date, updated_date, driver_id, customer_id, mode, priority)
  select c.id, ${2 * CUSTOMERS} + 2 * n + k, 1, n, ${CUSTOMERS} + 1 + (n * 7 + k) % ${CUSTOMERS / 10}, n, 'SOFT', 0
  from client c, generate_series(1, ${CUSTOMERS}) n, generate_series(0, 1) k;
insert into audit_event (client_id, id, at, actor, operation, action, object_type, object_id, object_name)
  select c.id, ${5 * CUSTOMERS} + n, n, 'bo', 'customer.create', 'CREATE', 'Customer', n, 'Li'
  from client c, generate_series(1, ${CUSTOMERS}) n;
insert into customer_tag (client_id, owner_id, tag_folded, position, tag)
  select c.id, n, 'vip', 0, 'VIP' from client c, generate_series(1, ${CUSTOMERS}, 3) n;
analyze`;

const ASKED: readonly (readonly [string, (api: Api) => Promise<unknown>])[] = [
  ['a list', (api) => api.call('customer.list', { limit: 20 })],
  ['a list by a driver', (api) => api.call('driverCustomer.list', { driver: 'D7', limit: 20 })],
  ['a list by what is rare', (api) => api.call('driver.list', { status: 'SUSPENDED', limit: 20 })],
  ['a list by a tag', (api) => api.call('customer.list', { tag: 'VIP', limit: 20 })],
  ['what is deleted', (api) => api.call('customer.list', { deleted: true })],
  ['a search by a last name', (api) => api.call('customer.list', { search: 'li 1234', limit: 20 })],
  ['what changed', (api) => api.call('customer.list', { updatedSince: CUSTOMERS - 50, limit: 20 })],
  ['a customer by phone', (api) => api.call('customer.findByPhone', { phone: '+353860001234' })],
  ['the log', (api) => api.call('log.list', { limit: 20 })],
  ['the log of somebody', (api) => api.call('log.list', { actor: 'ann', limit: 20 })],
  ['the log of a kind', (api) => api.call('log.list', { objectType: 'Driver', limit: 20 })],
];

describe.skipIf(server === null)('PostgreSQL reads a page and no table', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await makeDatabase();
    const store = openStore(database.url);
    await store.admin(session).create({ name: 'Liffey', timeZone: 'Europe/Dublin', country: 'IE' });
    await database.sql(FILL);
  });
  afterAll(() => database.dispose());

  test.each(ASKED)('%s', async (_name, ask) => {
    await database.sql('select pg_stat_reset()');
    const api = await openStore(database.url).open(session);
    await ask(api);
    // What a connection has read is counted when it ends.
    await api.close();
    const [read] = await database.sql<{ scanned: string; fetched: string }>(
      `select sum(seq_tup_read) as scanned, sum(coalesce(idx_tup_fetch, 0)) as fetched from pg_stat_user_tables
       where relname in ('customer', 'driver', 'driver_customer', 'audit_event', 'customer_tag')`,
    );
    expect(Number(read?.scanned)).toBe(0);
    expect(Number(read?.fetched)).toBeLessThan(MOST);
  });
});

test.skipIf(server === null)(
  'the doctor reads a table that nobody has analysed a few times, and not for each name',
  async () => {
    const database = await makeDatabase();
    try {
      const store = openStore(database.url);
      await store.admin(session).create({ name: 'Liffey', timeZone: 'Europe/Dublin', country: 'IE' });
      await database.sql(`alter table customer set (autovacuum_enabled = false);
      insert into customer (client_id, id, created_date, updated_date, first_name, last_name, phone, full_name_folded)
        select c.id, n, 1, n, 'Bo', 'Ó ' || n, '+35386' || lpad(n::text, 7, '0'), 'bo ó ' || n
        from client c, generate_series(1, ${CUSTOMERS}) n;
      select pg_stat_reset()`);
      const api = await store.open(session);
      await api.call('doctor.check', {});
      await api.close();
      const [read] = await database.sql<{ rows: string }>(
        `select seq_tup_read + coalesce(idx_tup_fetch, 0) as rows from pg_stat_user_tables where relname = 'customer'`,
      );
      expect(Number(read?.rows)).toBeLessThan(20 * CUSTOMERS);
    } finally {
      await database.dispose();
    }
  },
);
