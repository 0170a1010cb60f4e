import { statSync } from 'node:fs';
import type BetterSqlite3 from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { allTables, migrations, SCHEMA_VERSION } from '../../src/db/migrations.ts';
import { insertRecord, loadRecords } from '../../src/db/record-store.ts';
import { migrateSqlite } from '../../src/db/schema.ts';
import { openSqlite, type SqliteDatabase } from '../../src/db/sqlite.ts';
import type { Table } from '../../src/db/table.ts';
import { tablesOf } from '../../src/db/tables.ts';
import type { RecordDefinition } from '../../src/records/definition.ts';
import {
  boolean,
  choice,
  day,
  type Field,
  type FieldBase,
  handle,
  instant,
  integer,
  items,
  reference,
  references,
  tags,
  text,
  weekdays,
} from '../../src/records/field.ts';
import { definitions } from '../../src/records/registry.ts';
import type { Id } from '../../src/values/id.ts';
import type { Instant } from '../../src/values/instant.ts';
import { byHand, useFolder } from './files.ts';
import { expectTenancy, fillTables, referencesOf } from './filled-tables.ts';

const folder = useFolder();
const NOW = 1_768_219_200 as Instant;
const NEXT = SCHEMA_VERSION + 1;
const help = 'Came later.';
const since = NEXT;
const { driver, customer, trip }: Readonly<Record<string, RecordDefinition>> = definitions as never;

/** A definition with one more field, and with rules that are about it. */
const grown = (
  definition: RecordDefinition | undefined,
  name: string,
  field: Field,
  rules: Partial<Pick<RecordDefinition, 'handles' | 'unique'>> = {},
): RecordDefinition => {
  const known = definition as RecordDefinition;
  return {
    ...known,
    fields: { ...known.fields, [name]: field },
    handles: [...known.handles, ...(rules.handles ?? [])],
    unique: [...known.unique, ...(rules.unique ?? [])],
  };
};

/** All tables, those of the definition as it says now. */
function tablesWith(definition: RecordDefinition): readonly Table[] {
  const own = tablesOf(definition);
  const others = allTables.filter((table) => !own.some((one) => one.name === table.name));
  return [...own, ...others];
}

async function makeFile(file: string, tables: readonly Table[]): Promise<SqliteDatabase> {
  const database = openSqlite({ file, lockWaitMs: 1000, create: true });
  await migrateSqlite(database, NOW, 'tph', migrations('sqlite', tables));
  return database;
}

/** Every table, column, foreign key and index that SQLite knows of, in an order that says nothing. */
function schemaOf(connection: BetterSqlite3.Database): unknown {
  const rows = (sql: string): readonly unknown[] => connection.prepare(sql).all();
  return {
    tables: rows(
      "select name, ncol, wr, strict from pragma_table_list where schema = 'main' and type = 'table' order by name",
    ),
    columns: rows(
      `select m.name as "table", c.name, c.type, c."notnull", c.dflt_value, c.pk, c.hidden
       from sqlite_schema m join pragma_table_xinfo(m.name) c where m.type = 'table' order by 1, 2`,
    ),
    checks: rows("select name, sql from sqlite_schema where type = 'table'")
      .flatMap((row) => {
        const { name, sql } = row as { name: string; sql: string };
        return (sql.match(/check \(.*\)\)/g) ?? []).map((check) => `${name} ${check}`);
      })
      .sort(),
    foreignKeys: rows(
      `select m.name as child, f."table", f.on_delete, group_concat(f."from" || ' ' || f."to") as columns
       from sqlite_schema m join pragma_foreign_key_list(m.name) f where m.type = 'table'
       group by m.name, f.id order by 1, 2, 4`,
    ),
    indexes: rows(
      `select m.name as "table", i.name, i."unique", i.origin, i.partial,
         (select sql from sqlite_schema s where s.name = i.name) as sql
       from sqlite_schema m join pragma_index_list(m.name) i where m.type = 'table' order by 1, 2`,
    ),
  };
}

/** What the tables hold in the columns that they had before. */
const contentOf = (connection: BetterSqlite3.Database, tables: readonly Table[]): unknown =>
  tables
    .filter((table) => table.name !== 'schema_version')
    .map((table) => [
      table.name,
      connection
        .prepare(
          `select ${table.columns.map((one) => `"${one.name}"`).join(', ')} from "${table.name}" order by ${table.primaryKey.join(', ')}`,
        )
        .all(),
    ]);

/** The same tables as if all of them had always been so. */
const asOneVersion = (tables: readonly Table[]): readonly Table[] => {
  const first = <T>(part: T): T => ({ ...part, since: 1 });
  return tables.map((table) => ({
    ...first(table),
    columns: table.columns.map(first),
    foreignKeys: table.foreignKeys.map(first),
    indexes: table.indexes.map(first),
  }));
};

const inner = {
  note: text({ help }),
  brand: reference('Brand', { help }),
  groups: references('Group', { help }),
};
const addresses = customer?.fields['addresses'] as Field & { kind: 'items' };
const segments = trip?.fields['tripSegments'] as Field & { kind: 'items' };

const changes: readonly (readonly [string, RecordDefinition])[] = [
  ['text', grown(driver, 'badge', text({ since, help }))],
  [
    'text, required with a default',
    grown(driver, 'badge', text({ since, help, required: true, default: "o'n" })),
  ],
  [
    'handle that is unique',
    grown(driver, 'licence', handle({ since, help }), {
      handles: [{ name: 'licence', fields: ['licence'] }],
      unique: [{ fields: ['licence'] }],
    }),
  ],
  [
    'handle that is not unique, with a default',
    grown(driver, 'licence', handle({ since, help, default: 'NONE' }), {
      handles: [{ name: 'licence', fields: ['licence'] }],
    }),
  ],
  [
    'handle that joins fields',
    grown(driver, 'middleName', text({ since, help }), {
      handles: [{ name: 'formal name', fields: ['lastName', 'middleName'] }],
    }),
  ],
  ['choice', grown(driver, 'shift', choice(['EARLY', 'LATE'], { since, help }))],
  [
    'choice with a default',
    grown(driver, 'shift', choice(['EARLY', 'LATE'], { since, help, default: 'LATE' })),
  ],
  [
    'integer, required with a default',
    grown(driver, 'seats', integer({ since, help, required: true, default: 4 })),
  ],
  ['boolean', grown(driver, 'smoker', boolean({ since, help }))],
  ['boolean with a default', grown(driver, 'smoker', boolean({ since, help, default: true }))],
  [
    'boolean that a rule depends on',
    grown(driver, 'isLead', boolean({ since, help, default: false }), {
      unique: [{ fields: [], only: 'isLead' }],
    }),
  ],
  ['day', grown(driver, 'day', day({ since, help }))],
  ['expiry', grown(driver, 'expiresAt', instant({ since, help, day: 'through' }))],
  ['weekdays with a default', grown(driver, 'works', weekdays({ since, help, default: ['MON', 'WED'] }))],
  ['reference', grown(driver, 'homeBrand', reference('Brand', { since, help }))],
  ['reference to its own kind', grown(driver, 'mentor', reference('Driver', { since, help }))],
  [
    'reference that is part of a uniqueness rule',
    grown(driver, 'homeBrand', reference('Brand', { since, help }), {
      unique: [{ fields: ['homeBrand', 'phone'] }],
    }),
  ],
  ['reference on a kind that much refers to', grown(trip, 'brand', reference('Brand', { since, help }))],
  ['references', grown(driver, 'brands', references('Brand', { since, help }))],
  ['tags', grown(driver, 'tags', tags({ since, help }))],
  ['items', grown(driver, 'cards', items(inner, { since, help }))],
  [
    'text in items',
    grown(customer, 'addresses', {
      ...addresses,
      fields: { ...addresses.fields, gate: text({ since, help, default: '' }) },
    }),
  ],
  [
    'reference and references in items that have links',
    grown(trip, 'tripSegments', {
      ...segments,
      fields: {
        ...segments.fields,
        brand: reference('Brand', { since, help }),
        drivers: references('Driver', { since, help }),
      },
    }),
  ],
  [
    'rule about older fields',
    {
      ...grown(driver, 'badge', text({ help, since })),
      unique: [...(driver?.unique ?? []), { fields: ['phone'], since } as never],
    },
  ],
  [
    'handle of an older field',
    {
      ...grown(driver, 'badge', text({ help, since })),
      handles: [...(driver?.handles ?? []), { name: 'phone', fields: ['phone'], since } as never],
    },
  ],
  [
    'kind of record',
    {
      ...grown(driver, 'homeBrand', reference('Brand', { help, required: true })),
      ...{ table: 'depot', since },
    },
  ],
];

describe.each(changes)('a new %s', (title, definition) => {
  const tables = tablesWith(definition);
  const base = `${folder}/${title.replaceAll(' ', '-')}`;

  test('comes to a database with rows as it comes to an empty one', async () => {
    const file = `${base}.db`;
    const database = await makeFile(file, allTables);
    const { connection } = database;
    fillTables(connection, allTables, allTables);
    const before = contentOf(connection, allTables);
    const backup = `${file}.v${SCHEMA_VERSION}.bak`;

    expect(await migrateSqlite(database, NOW, 'tph', migrations('sqlite', tables))).toEqual({
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
  });
});

const CLIENT = '1' as Id;
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
  ['reference', reference('Driver', { since, help }), null, '1002'],
  ['references', references('Brand', { since, help }), [], ['1002', '1001']],
  ['tags', tags({ since, help }), [], ['VIP']],
  ['items', items(inner, { since, help }), [], [{ note: 'x', brand: '1002', groups: ['1001'] }]],
])(
  'a record from before a new %s field reads as empty or its default, a later one as it was written',
  async (kind, field, empty, given) => {
    const definition = grown(driver, 'extra', field);
    const database = await upgraded(`${folder}/read-${kind}.db`, definition);
    await add(database, definition, '9001', { extra: given });
    const records = await load(database, definition, '1001', '9001');
    expect(records.map((record) => record.values['extra'])).toEqual([empty, given]);
    expect(records[0]?.values).toMatchObject({ callsign: 'callsign 1 1', clientCapabilities: ['1001'] });
    await database.close();
  },
);

test('a new handle is unique without regard to letter case', async () => {
  const definition = grown(driver, 'licence', handle({ since, help }), { unique: [{ fields: ['licence'] }] });
  const database = await upgraded(`${folder}/unique.db`, definition);
  await add(database, definition, '9001', { licence: 'L1' });
  await expect(add(database, definition, '9002', { licence: 'l1' })).rejects.toMatchObject({
    code: 'CONFLICT',
  });
  await database.close();
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
  const cards = items({ note: text({ since, help, required: true } satisfies FieldBase) }, { since, help });
  expect(tablesOf(grown(driver, 'cards', cards)).at(-1)?.since).toBe(NEXT);
});

test('PostgreSQL gives a foreign key to a table that stands', () => {
  const tables = tablesWith(grown(driver, 'homeBrand', reference('Brand', { since, help })));
  expect(migrations('postgres', tables).at(-1)?.statements).toEqual([
    'alter table "driver" add column "home_brand_id" bigint',
    'alter table "driver" add foreign key ("client_id", "home_brand_id") references "brand" ("client_id", "id") deferrable initially deferred',
    'create index "driver_by_home_brand" on "driver" ("client_id", "home_brand_id") where home_brand_id is not null',
  ]);
});
