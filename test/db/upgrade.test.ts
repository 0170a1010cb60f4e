import { statSync } from 'node:fs';
import { expect, test } from 'vitest';
import { allTables, type Migration, migrations } from '../../src/db/migrations.ts';
import { insertRecord, loadRecords } from '../../src/db/record-store.ts';
import { migrateSqlite } from '../../src/db/schema.ts';
import { SCHEMA_VERSION } from '../../src/db/schema-version.ts';
import { openSqlite, type SqliteDatabase } from '../../src/db/sqlite.ts';
import type { Table } from '../../src/db/table.ts';
import { tablesOf } from '../../src/db/tables.ts';
import type { RecordDefinition } from '../../src/records/definition.ts';
import {
  boolean,
  choice,
  day,
  type Field,
  handle,
  items,
  reference,
  references,
  tags,
  text,
  weekdays,
} from '../../src/records/field.ts';
import type { Id } from '../../src/values/id.ts';
import type { Instant } from '../../src/values/instant.ts';
import { asOneVersion, contentOf, schemaOf } from './compare.ts';
import { byHand, useFolder } from './files.ts';
import { expectTenancy, fillTables, referencesOf } from './filled-tables.ts';
import { changes, driver, grown, inner, NEXT, tablesWith } from './later-definitions.ts';

const folder = useFolder();
const NOW = 1_768_219_200 as Instant;
const help = 'Came later.';
const since = NEXT;

async function makeFile(file: string, tables: readonly Table[]): Promise<SqliteDatabase> {
  const database = openSqlite({ file, lockWaitMs: 1000, create: true });
  await migrateSqlite(database, NOW, 'tph', migrations('sqlite', tables));
  return database;
}

const statementsUpTo = (version: number, plan: readonly Migration[]): readonly string[] =>
  plan.flatMap((step) => (step.version <= version ? step.statements : [])).sort();

test.each(changes)(
  'a new %s comes to a database with rows as it comes to an empty one',
  async (title, definition) => {
    const tables = tablesWith(definition);
    const base = `${folder}/${title.replaceAll(' ', '-')}`;
    const file = `${base}.db`;
    const plan = migrations('sqlite', tables);
    // What was published stays as it is; only the order of tables may differ here.
    expect(statementsUpTo(SCHEMA_VERSION, plan)).toEqual(
      statementsUpTo(SCHEMA_VERSION, migrations('sqlite')),
    );
    const database = await makeFile(file, allTables);
    const { connection } = database;
    fillTables(connection, allTables, allTables);
    const before = contentOf(connection, allTables);
    const backup = `${file}.v${SCHEMA_VERSION}.bak`;

    expect(await migrateSqlite(database, NOW, 'tph', plan)).toEqual({
      from: SCHEMA_VERSION,
      to: NEXT,
      backup,
    });
    expect(contentOf(connection, allTables)).toEqual(before);
    expect(connection.pragma('integrity_check', { simple: true })).toBe('ok');
    expect(connection.pragma('foreign_key_check')).toEqual([]);
    expect(connection.pragma('foreign_keys', { simple: true })).toBe(1n);

    const upgraded = schemaOf(connection);
    for (const [name, wanted] of [
      ['fresh', tables],
      ['always', asOneVersion(tables)],
    ] as const) {
      const other = await makeFile(`${base}.${name}.db`, wanted);
      expect(upgraded, name).toEqual(schemaOf(other.connection));
      await other.close();
    }

    fillTables(
      connection,
      tables.filter((table) => table.since === NEXT),
      tables,
    );
    for (const [table, key] of referencesOf(tables)) expectTenancy(connection, table, key, tables);
    await database.close();

    expect((statSync(backup).mode & 0o777).toString(8)).toBe('600');
    byHand(backup, (old) => {
      old.defaultSafeIntegers(true);
      expect(contentOf(old, allTables)).toEqual(before);
    });
  },
);

const CLIENT = 'G1' as Id;
const load = (database: SqliteDatabase, definition: RecordDefinition, ...ids: string[]) =>
  database.read((queries) => loadRecords(queries, CLIENT, definition, ids as Id[]));

/** A new driver with nothing but what `values` say. */
const add = (database: SqliteDatabase, definition: RecordDefinition, id: string, values: object) =>
  database.write((queries) =>
    insertRecord(queries, CLIENT, definition, {
      id: id as Id,
      createdDate: NOW,
      updatedDate: NOW,
      deletedAt: null,
      deletedBy: null,
      values: { callsign: `N${id}`, status: 'ACTIVE', ...values },
    }),
  );

async function upgraded(file: string, definition: RecordDefinition): Promise<SqliteDatabase> {
  const database = await makeFile(file, allTables);
  fillTables(database.connection, allTables, allTables);
  await migrateSqlite(database, NOW, 'tph', migrations('sqlite', tablesWith(definition)));
  return database;
}

test.each<readonly [string, Field, unknown, unknown]>([
  ['text', text({ since, help }), null, 'x'],
  ['defaulted', text({ since, help, required: true, default: "o'n" }), "o'n", 'x'],
  ['handle', handle({ since, help, default: 'NONE' }), 'NONE', 'x'],
  ['choice', choice(['A', 'B'], { since, help, default: 'B' }), 'B', 'A'],
  ['boolean', boolean({ since, help, default: true }), true, false],
  ['day', day({ since, help }), null, 20_260_112],
  ['weekdays', weekdays({ since, help, default: ['MON', 'WED'] }), ['MON', 'WED'], ['SUN']],
  ['reference', reference('Driver', { since, help }), null, 'G1002'],
  ['references', references('Brand', { since, help }), [], ['G1002', 'G1001']],
  ['tags', tags({ since, help }), [], ['VIP']],
  ['items', items(inner, { since, help }), [], [{ note: 'x', brand: 'G1002', groups: ['G1001'] }]],
])(
  'a record from before a new %s field reads as empty or its default, a later one as it was written',
  async (kind, field, empty, given) => {
    const definition = grown(driver, 'extra', field);
    const database = await upgraded(`${folder}/read-${kind}.db`, definition);
    await add(database, definition, 'G9001', { extra: given });
    const records = await load(database, definition, 'G1001', 'G9001');
    expect(records.map((record) => record.values['extra'])).toEqual([empty, given]);
    expect(records[0]?.values).toMatchObject({ callsign: 'callsign 1 1', clientCapabilities: ['G1001'] });
    await database.close();
  },
);

test('a new handle is unique without regard to letter case', async () => {
  const definition = grown(driver, 'licence', handle({ since, help }), { unique: [{ fields: ['licence'] }] });
  const database = await upgraded(`${folder}/unique.db`, definition);
  await add(database, definition, 'G9001', { licence: 'L1' });
  await expect(add(database, definition, 'G9002', { licence: 'l1' })).rejects.toMatchObject({
    cause: { code: 'SQLITE_CONSTRAINT_UNIQUE' },
  });
  await database.close();
});

test('steps of several versions follow each other', async () => {
  const definition = grown(
    grown(
      grown(driver, 'homeBrand', reference('Brand', { since, help })),
      'mentor',
      reference('Driver', { since: NEXT + 1, help }),
    ),
    'cards',
    items({ ...inner, spare: reference('Brand', { since: NEXT + 2, help }) }, { since, help }),
  );
  const database = await upgraded(`${folder}/several.db`, definition);
  const always = await makeFile(`${folder}/always.db`, asOneVersion(tablesWith(definition)));
  expect(schemaOf(database.connection)).toEqual(schemaOf(always.connection));
  expect(database.connection.prepare('select count(*) from driver_client_capability').pluck().get()).toBe(3n);
  await database.close();
  await always.close();
});

test.each<readonly [string, Field, string]>([
  ['text', text({ since, help, required: true }), 'driver.extra'],
  ['reference', reference('Brand', { since, help, required: true }), 'driver.extra_id'],
  ['items', items({ note: text({ since, help, required: true }) }, { help }), 'driver_extra.note'],
])('a new %s field that is required and has no default is refused', (_kind, field, where) => {
  expect(() => tablesOf(grown(driver, 'extra', field))).toThrow(
    `\`${where}\` is required since schema version ${NEXT}, but rows from before have no value: give the field a default`,
  );
});

test('a required field of a collection that is new itself needs no default', () => {
  const cards = items({ note: text({ since, help, required: true }) }, { since, help });
  expect(tablesOf(grown(driver, 'cards', cards)).at(-1)?.since).toBe(NEXT);
});

test('PostgreSQL gives a foreign key to a table that stands', () => {
  const tables = tablesWith(grown(driver, 'homeBrand', reference('Brand', { since, help })));
  expect(migrations('postgres', tables).at(-1)?.statements).toEqual([
    'alter table "driver" add column "home_brand_id" bigint',
    'alter table "driver" add foreign key ("client_id", "home_brand_id") references "brand" ("client_id", "id") deferrable initially deferred',
    'create index "driver_listed_by_home_brand" on "driver" ("client_id", "home_brand_id", "id") where home_brand_id is not null',
  ]);
});
