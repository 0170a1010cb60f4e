import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { built } from '../../src/db/builder.ts';
import { nextIds, nextNumbers } from '../../src/db/id-sequence.ts';
import { migrations } from '../../src/db/migrations.ts';
import { openPostgres } from '../../src/db/postgres.ts';
import { migratePostgres } from '../../src/db/postgres-schema.ts';
import { openStore } from '../../src/operations/open-store.ts';
import type { Id } from '../../src/values/id.ts';
import { idToBigInt, parseId } from '../../src/values/id.ts';
import type { Instant } from '../../src/values/instant.ts';
import { failure } from '../api/checked-api.ts';
import { ownTypes, Samples } from '../api/samples.ts';
import { NOON, World } from '../api/world.ts';
import { makeDatabase, server, type TestDatabase } from '../support/postgres.ts';
import { PASSWORD_ROLE } from '../support/postgres-server.ts';
import { ROLE } from '../support/postgres-sql.ts';

const client = { name: 'First', timeZone: 'Europe/Dublin', country: 'IE' };
const session = { client: undefined, actor: 'ann', reason: null, nowMs: NOON * 1000, lockWaitMs: 10_000 };

/** Makes a database, and drops it after the work. */
async function within<T>(
  work: (database: TestDatabase) => Promise<T>,
  how: { readonly isEmpty?: boolean } = {},
): Promise<T> {
  const database = await makeDatabase(how);
  try {
    return await work(database);
  } finally {
    await database.dispose();
  }
}

describe.skipIf(server === null)('PostgreSQL', () => {
  describe('row-level security', () => {
    let database: TestDatabase;
    let world: World;
    let mine: bigint;
    let theirs: bigint;
    let tables: readonly string[];

    beforeAll(async () => {
      database = await makeDatabase();
      world = new World(openStore(database.url));
      await world.create();
      const made = [await world.tenant(), await world.tenant()];
      for (const { api } of made) {
        const samples = new Samples(api);
        for (const type of ownTypes) await samples.create(type);
        await api.call('driver.create', { callsign: 'D1', internalKey: 'k' });
        await api.call('token.create', { name: 'app', role: 'ADMIN' });
      }
      [mine = 0n, theirs = 0n] = made.map(({ id }) => idToBigInt(parseId(id) as Id));
      const rows = await database.sql<{ name: string }>(
        `select c.relname as name from pg_class c join pg_attribute a on a.attrelid = c.oid
         where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and a.attname = 'client_id'
         and c.relname <> 'client_role' order by 1`,
      );
      tables = rows.map(({ name }) => name);
    });
    afterAll(async () => {
      await world.close();
      await database.dispose();
    });

    const asApplication = <R>(text: string, setting = '') =>
      database.sql<R>(`begin; ${setting}; ${text}`, ROLE);
    const set = (id: bigint) => `set local tph.client = '${id}'`;
    const owners = (table: string) => `select distinct client_id::text as id from "${table}"`;

    test('every table of a client has it', () => {
      expect(tables.length).toBeGreaterThan(30);
    });

    test('without a client nothing is seen', async () => {
      for (const table of tables) expect(await asApplication(owners(table)), table).toEqual([]);
    });

    test('with a client only its rows are seen', async () => {
      const seen = new Set<string>();
      for (const table of tables)
        for (const { id } of await asApplication<{ id: string }>(owners(table), set(mine))) seen.add(id);
      expect([...seen]).toEqual([String(mine)]);
    });

    test('the list of clients tells of clients, and nothing of theirs', async () => {
      const listed = "set local tph.directory = 'on'";
      expect((await asApplication(owners('client'), listed)).length).toBe(3);
      for (const table of tables.filter((name) => !['client', 'audit_event', 'internal_key'].includes(name)))
        expect(await asApplication(owners(table), listed), table).toEqual([]);
      const kinds = await asApplication('select distinct object_type from audit_event', listed);
      expect(kinds).toEqual([{ object_type: 'Client' }]);
    });

    test('rows of another are neither changed nor deleted', async () => {
      for (const table of tables) {
        const { length } = await asApplication(
          `update "${table}" set client_id = client_id where client_id = ${theirs} returning 1`,
          set(mine),
        );
        expect(length, table).toBe(0);
        const gone = `delete from "${table}" where client_id = ${theirs} returning 1`;
        expect(await asApplication(gone, set(mine)), table).toEqual([]);
      }
      const [left] = await database.sql<{ count: string }>(
        `select count(*) as count from driver where client_id = ${theirs}`,
      );
      expect(Number(left?.count)).toBeGreaterThan(0);
    });

    test('rows for another are not written', async () => {
      const insert = `insert into internal_key (client_id, object_type, key, object_id, request_hash, live)
        values (${theirs}, 'Driver', 'x', 1, 'x', 1)`;
      await expect(asApplication(insert, set(mine))).rejects.toMatchObject({ code: '42501' });
      const move = `update driver set client_id = ${theirs} where client_id = ${mine}`;
      await expect(asApplication(move, set(mine))).rejects.toMatchObject({ code: '42501' });
    });

    test('a token is found by whoever knows its hash', async () => {
      const [token] = await database.sql<{ hash: string }>(
        `select hash from api_token where client_id = ${theirs}`,
      );
      const by = (hash: string) =>
        asApplication<{ id: string }>(owners('api_token'), `set local tph.token = '${hash}'`);
      expect(await by(token?.hash ?? '')).toEqual([{ id: String(theirs) }]);
      expect(await by('%')).toEqual([]);
    });

    test('a role that is bound to a client is no other, and cannot take it off', async () => {
      const role = `bound_${database.name}`;
      await database.sql(
        `create role ${role} login; grant usage on schema public to ${role};
         grant select, insert, update, delete on all tables in schema public to ${role};
         revoke insert, update, delete on client_role, schema_version from ${role};
         revoke update, delete on audit_event from ${role};
         insert into client_role values ('${role}', ${mine}), ('another', ${theirs})`,
      );
      try {
        const seen = async (setting: string) => {
          const all = new Set<string>();
          for (const table of tables)
            for (const { id } of await database.sql<{ id: string }>(
              `begin; ${setting}; ${owners(table)}`,
              role,
            ))
              all.add(id);
          return [...all];
        };
        expect(await seen('')).toEqual([String(mine)]);
        expect(await seen(`${set(theirs)}; set local tph.directory = 'on'`)).toEqual([]);
        const pretence = `create temporary table client_role (role text, client_id bigint);
          insert into client_role values ('${role}', ${theirs})`;
        expect(await seen(`${pretence}; ${set(theirs)}`)).toEqual([]);
        for (const text of [
          'alter table driver disable row level security',
          'drop policy own_client on driver',
          'delete from client_role',
          "select setval('id_sequence', 1)",
          "select nextval('id_sequence')",
          `set role ${ROLE}`,
          'create or replace function tph_client() returns bigint language sql as $$ select 1::bigint $$',
        ])
          await expect(database.sql(text, role), text).rejects.toMatchObject({ code: '42501' });
        expect(await database.sql('select role from client_role', role)).toEqual([{ role }]);
        const theirName = `(select name from (values ('First')) as one (name))`;
        for (const text of [
          `update client set name = ${theirName}, name_folded = lower(${theirName}) where id = ${mine}`,
          `update client set deleted_at = 1 where id = ${mine}`,
          `delete from client where id = ${mine}`,
          `insert into client select * from client where id = ${mine}`,
          'delete from audit_event',
          "update audit_event set actor = 'nobody'",
        ])
          await expect(database.sql(`begin; ${set(mine)}; ${text}`, role), text).rejects.toMatchObject({
            code: '42501',
          });
        // No role pushes the ids of all further than a day.
        const [given] = await database.sql<{ far: boolean }>(
          'select tph_numbers(1, 4611686018427387904) > (extract(epoch from now()) * 1000 - 1577836800000 + 90000000)::bigint << 22 as far',
          role,
        );
        expect(given).toEqual({ far: false });
        // The program works for it, on its own client.
        const url = database.url.replace(`//${ROLE}@`, `//${role}@`);
        const api = await openStore(url).open(session);
        expect((await api.call('driver.list', {})).items.map((one) => one.callsign)).toContain('D1');
        await api.call('driver.create', { callsign: 'BY BOUND' } as never);
        await api.close();
      } finally {
        await database.sql(`drop owned by ${role}; drop role ${role}`);
      }
    });

    test('names and keys of clients are unique in the whole database', async () => {
      const [one] = await database.sql<{ name: string }>(
        `select name_folded as name from client where id = ${theirs}`,
      );
      const rename = `update client set name_folded = '${one?.name}' where id = ${mine}`;
      await expect(asApplication(rename, set(mine))).rejects.toMatchObject({ code: '23505' });
      const move = `update client set id = 1 where id = ${mine}`;
      await expect(asApplication(move, set(mine))).rejects.toMatchObject({ code: '23514' });
    });

    test('a role that owns nothing backs everything up', async () => {
      const role = `works_${database.name}`;
      await database.sql(
        `create role ${role} login; grant usage on schema public to ${role};
         grant select, insert, update, delete on all tables in schema public to ${role};
         revoke insert, update, delete on client_role, schema_version from ${role};
         revoke update, delete on audit_event from ${role}`,
      );
      const folder = mkdtempSync(join(tmpdir(), 'tph-backup-'));
      try {
        const admin = openStore(database.url.replace(`//${ROLE}@`, `//${role}@`)).admin(session);
        const { file } = await admin.backup(join(folder, 'all.bak'));
        const { clients } = await openStore(file).admin(session).status();
        expect(clients.length).toBe(3);
      } finally {
        rmSync(folder, { recursive: true });
        await database.sql(`drop owned by ${role}; drop role ${role}`);
      }
    });

    test('every event is counted once, whosever it is', async () => {
      const [all] = await database.sql<{ count: string }>('select count(*) as count from audit_event');
      const { auditEvents, records } = await openStore(database.url).admin(session).status();
      expect(auditEvents).toBe(Number(all?.count));
      expect(records['Client']).toBe(3);
    });

    test('a user beyond it is told so', async () => {
      expect(await openStore(database.url).admin(session).check()).toEqual({ ok: true, problems: [] });
      const superuser = database.url.replace(`//${ROLE}@`, `//${server?.superuser}@`);
      const { problems } = await openStore(superuser).admin(session).check();
      expect(problems.map((problem) => problem.check)).toEqual(['permissions']);
    });
  });

  describe('errors', () => {
    const at = (change: (url: URL) => void, url: string): string => {
      const changed = new URL(url);
      change(changed);
      return changed.href;
    };
    const opening = (url: string) =>
      failure(
        openStore(url)
          .open(session)
          .then((api) => api.close()),
      );

    test('no server, no such database, none of ours, another program’s', () =>
      within(
        async ({ url, sql }) => {
          const refused = await opening(at((one) => (one.port = '1'), url));
          expect(refused).toMatchObject({
            code: 'UNAVAILABLE',
            message: expect.stringContaining('nothing answers'),
          });
          const absent = await opening(at((one) => (one.pathname = '/absent'), url));
          expect(absent.code).toBe('NOT_FOUND');
          expect((await opening(url)).code).toBe('NOT_FOUND');
          expect((await failure(openStore(url).admin(session).migrate())).code).toBe('NOT_FOUND');
          // Nothing was made by looking.
          expect((await failure(openStore(url).admin(session).status())).code).toBe('NOT_FOUND');
          await sql('create table theirs (a int)');
          const foreign = await failure(openStore(url).admin(session).create(client));
          expect(foreign).toMatchObject({
            code: 'INVALID',
            message: expect.stringContaining('another program'),
          });
        },
        { isEmpty: true },
      ));

    test('a wrong password; no password is ever shown', () =>
      within(
        async ({ url, sql, name }) => {
          await sql(
            `do $$ begin create role ${PASSWORD_ROLE} login; exception when duplicate_object then null; end $$;
           alter role ${PASSWORD_ROLE} password 'right/&word'; alter database ${name} owner to ${PASSWORD_ROLE}`,
          );
          const as = (password: string) =>
            at((one) => {
              one.username = PASSWORD_ROLE;
              one.password = password;
            }, url);
          const refused = await opening(as('wr0ng'));
          expect(refused.code).toBe('UNAVAILABLE');
          expect(JSON.stringify([refused.message, refused.hint, refused.details])).not.toContain('wr0ng');
          // Wherever it comes from: nothing is warned of, and what is missing is said.
          const folder = mkdtempSync(join(tmpdir(), 'tph-pass-'));
          const file = join(folder, 'pass');
          vi.stubEnv('PGPASSFILE', file);
          const warnings: string[] = [];
          const hear = ({ message }: Error) => warnings.push(message);
          process.on('warning', hear);
          try {
            expect(await opening(as(''))).toMatchObject({
              code: 'UNAVAILABLE',
              message: expect.stringContaining('asks for a password'),
              hint: expect.stringContaining('PGPASSWORD'),
            });
            writeFileSync(file, `*:*:${name}:${PASSWORD_ROLE}:right/&word\n`, { mode: 0o644 });
            expect((await opening(as(''))).hint).toContain('chmod 600');
            chmodSync(file, 0o600);
            expect((await opening(as(''))).code).toBe('NOT_FOUND');
            await sleep(0);
            expect(warnings).toEqual([]);
          } finally {
            process.off('warning', hear);
            vi.unstubAllEnvs();
            rmSync(folder, { recursive: true });
          }
          const admin = openStore(as('right/&word')).admin(session);
          expect((await admin.create(client)).location).not.toMatch(/right|word/);
          expect((await admin.status()).location).toBe(as('').replace(':@', '@'));
        },
        { isEmpty: true },
      ));

    test('a newer schema is refused, naming both', () =>
      within(async ({ url, sql }) => {
        await openStore(url).admin(session).create(client);
        await sql("insert into schema_version values (99, 1, 'tph')");
        expect(await opening(url)).toMatchObject({ code: 'INVALID', message: expect.stringContaining('99') });
      }));

    test('what is read-only answers, computes what is due, and says that it changes nothing', () =>
      within(async ({ url, sql, name }) => {
        const world = new World(openStore(url));
        await world.create();
        const first = await world.open();
        await first.call('scheduleExclusionGroup.create', { name: 'Snow' });
        await first.call('scheduleExclusionGroup.set', {
          ref: 'Snow',
          mode: 'RUN_OFF',
          scheduleResumeDay: 20_260_113 as never,
        });
        await world.close();
        await sql(`alter database ${name} set default_transaction_read_only = on`);
        const later = new World(openStore(url));
        const api = await later.open({ now: NOON + 3 * 86_400 });
        expect((await api.call('scheduleExclusionGroup.get', { ref: 'Snow' })).mode).toBe('RUN_SCHEDULE');
        const writer = await openStore(url).open(session);
        const refused = await failure(writer.call('driver.create', { callsign: 'D1' } as never));
        await writer.close();
        expect(refused).toMatchObject({ code: 'UNAVAILABLE', message: expect.stringContaining('read-only') });
        expect((await openStore(url).admin(session).status()).readOnly).toBe(true);
        await later.close();
      }));

    test('cut off within a change: nothing was changed; at its end: it may have been', () =>
      within(async ({ url, sql }) => {
        await openStore(url).admin(session).create(client);
        const database = await openPostgres({ url, lockWaitMs: 1000 });
        const cut = await failure(
          database.write(async (queries) => {
            await sql(
              "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'tph' and state like 'idle in%'",
            );
            await built(queries).selectFrom('schema_version').selectAll().execute();
          }),
        );
        expect(cut).toMatchObject({
          code: 'UNAVAILABLE',
          message: expect.stringContaining('nothing was changed'),
        });
        await sql(`create function leave() returns trigger language plpgsql security definer as
          $$ begin perform pg_terminate_backend(pg_backend_pid()); return null; end $$;
          create constraint trigger leave after update on schema_version deferrable initially deferred
          for each row execute function leave()`);
        const doubtful = await failure(
          database.write(async (queries) => {
            await built(queries).updateTable('schema_version').set({ program: 'x' }).execute();
          }),
        );
        expect(doubtful).toMatchObject({
          code: 'UNAVAILABLE',
          message: expect.stringContaining('may have been'),
        });
        await database.close();
      }));
  });

  describe('a server that holds it open', () => {
    const sharedOf = async (url: string) => {
      const shared = await openStore(url).share?.({ nowMs: NOON * 1000, lockWaitMs: 1000 });
      if (shared === undefined) throw new Error('it cannot be shared');
      return shared;
    };

    test('a token that is revoked is refused at once, one that has expired too', () =>
      within(async ({ url }) => {
        await openStore(url).admin(session).create(client);
        const api = await openStore(url).open(session);
        const now = NOON as Instant;
        const { token: long = '' } = await api.call('token.create', { name: 'a', role: 'ADMIN' });
        const { token: short = '' } = await api.call('token.create', {
          name: 'b',
          role: 'ADMIN',
          expiresAt: (NOON + 10) as Instant,
        });
        const shared = await sharedOf(url);
        const named = async (secret: string, at = now) => (await shared.bearer(secret, at))?.name;
        for (let round = 0; round < 3; round += 1) expect(await named(long)).toBe('a');
        expect([await named(short), await named(short)]).toEqual(['b', 'b']);
        expect(await named(short, (NOON + 10) as Instant)).toBeUndefined();
        await api.call('token.revoke', { ref: 'a' });
        expect(await named(long)).toBeUndefined();
        expect(await named(short)).toBe('b');
        await shared.close();
        await api.close();
      }));

    test('a server that remembers sees every change, and each client its own', () =>
      within(async ({ url }) => {
        const world = new World(openStore(url));
        await world.create();
        const [one, other] = [await world.tenant(), await world.tenant()];
        const shared = await sharedOf(url);
        const names = async (id: string) => {
          const own = shared.session(world.session(), {
            id: id as Id,
            name: id,
            timeZone: 'Europe/Dublin',
            country: 'IE',
          });
          return (await own.call('driver.list', {})).items.map((driver) => driver.callsign);
        };
        const { id } = await one.api.call('driver.create', { callsign: 'D1' });
        await other.api.call('driver.create', { callsign: 'X1' });
        for (let round = 0; round < 3; round += 1)
          expect([await names(one.id), await names(other.id)]).toEqual([['D1'], ['X1']]);
        await one.api.call('driver.update', { ref: id, callsign: 'D2' });
        expect([await names(one.id), await names(other.id)]).toEqual([['D2'], ['X1']]);
        await one.api.call('driver.delete', { ref: id });
        expect(await names(one.id)).toEqual([]);
        await shared.close();
        await world.close();
      }));
  });

  describe('writers', () => {
    test('wait for each other as long as they are told to, and clients do not', () =>
      within(async ({ url }) => {
        const world = new World(openStore(url));
        await world.create();
        const [one, other] = [await world.tenant(), await world.tenant()];
        const database = await openPostgres({ url, lockWaitMs: 1000 });
        const held = database.of(one.id as Id).write(async () => {
          const impatient = await openStore(url).open(world.session({ client: one.id, lockWaitMs: 30 }));
          const refused = await failure(impatient.call('driver.create', { callsign: 'LATE' }));
          await impatient.close();
          await other.api.call('driver.create', { callsign: 'FREE' });
          return refused;
        });
        expect(await held).toMatchObject({ code: 'UNAVAILABLE', message: expect.stringContaining('locked') });
        await database.close();
        await world.close();
      }));

    test('at once, of two clients: every change is made, no id is given twice', () =>
      within(async ({ url }) => {
        const world = new World(openStore(url));
        await world.create();
        const tenants = [await world.tenant(), await world.tenant()];
        const made = await Promise.all(
          Array.from({ length: 40 }, (_, index) =>
            (tenants[index % 2] as (typeof tenants)[0]).api.call('driver.create', { callsign: `D${index}` }),
          ),
        );
        expect(new Set(made.map((one) => one.id)).size).toBe(40);
        for (const { api } of tenants) {
          const events = (await api.call('log.list', { limit: 500, operation: 'driver.create' })).items;
          expect(events).toHaveLength(20);
        }
        await world.close();
      }));

    test('of two clients are not held up by an id that one was given', () =>
      within(async ({ url }) => {
        await openStore(url).admin(session).create(client);
        const database = await openPostgres({ url, lockWaitMs: 1000 });
        const nowMs = NOON * 1000;
        const numbers = await database.of('G1' as Id).write(async (mine) => {
          const first = await nextNumbers(mine, 3, nowMs);
          const other = await database.of('G2' as Id).write((theirs) => nextNumbers(theirs, 1, nowMs));
          return [first, other, await nextNumbers(mine, 1, nowMs)];
        });
        const [first = 0n] = numbers;
        expect(numbers).toEqual([first, first + 3n, first + 4n]);
        const later = await database.write((queries) => nextNumbers(queries, 1, nowMs + 1));
        expect(later >> 22n).toBe((first >> 22n) + 1n);
        const earlier = await database.write((queries) => nextNumbers(queries, 1, 0));
        expect(earlier).toBe(later + 1n);
        await database.close();
      }));

    test('many at once are given ids that are nobody else’s', () =>
      within(async ({ url }) => {
        await openStore(url).admin(session).create(client);
        const database = await openPostgres({ url, lockWaitMs: 20_000 });
        const given = await Promise.all(
          Array.from({ length: 60 }, (_, index) =>
            database
              .of(`G${1 + (index % 5)}` as Id)
              .write(async (queries) => [
                ...(await nextIds(queries, 7, NOON * 1000 + index)),
                ...(await nextIds(queries, 2, NOON * 1000)),
              ]),
          ),
        );
        expect(new Set(given.flat()).size).toBe(60 * 9);
        await database.close();
      }));

    test('deadlocks and collisions are tried again', () =>
      within(async ({ url }) => {
        await openStore(url).admin(session).create(client);
        const database = await openPostgres({ url, lockWaitMs: 1000 });
        let attempts = 0;
        const done = await database.write(async (queries) => {
          attempts += 1;
          if (attempts < 3) {
            const { sql } = await import('kysely');
            await sql`do $$ begin raise exception using errcode = '40001'; end $$`.execute(built(queries));
          }
          return attempts;
        });
        expect(done).toBe(3);
        await database.close();
      }));
  });

  test('a database of version 2 goes on with the ids that it has', () =>
    within(
      async ({ url }) => {
        const database = await openPostgres({ url, lockWaitMs: 1000 });
        const plan = migrations('postgres').filter((step) => step.version <= 2);
        await migratePostgres(database, NOON as Instant, 'tph', plan);
        const last = 1n << 61n;
        await database.write(async (queries) => {
          await built(queries).insertInto('id_sequence').values({ one: 1, last }).execute();
        });
        await database.close();
        expect((await openStore(url).admin(session).migrate()).from).toBe(2);
        const { client: first } = await openStore(url).admin(session).create(client);
        expect(idToBigInt(first.id as Id)).toBeGreaterThan(last);
      },
      { isEmpty: true },
    ));

  test('a schema of its own beside the tables of others', () =>
    within(
      async ({ url, sql }) => {
        await sql('create table theirs (a int)');
        const own = `${url}?schema=cars`;
        await openStore(own).admin(session).create(client);
        expect((await openStore(own).admin(session).status()).clients.map((one) => one.name)).toEqual([
          'First',
        ]);
        expect((await openStore(own).admin(session).migrate()).from).toBeGreaterThan(0);
        expect(await sql('select count(*)::int as n from cars.client')).toEqual([{ n: 1 }]);
      },
      { isEmpty: true },
    ));
});
