import { expect, test } from 'vitest';
import { collectionTable, columnName } from '../../src/db/columns.ts';
import { allTables } from '../../src/db/migrations.ts';
import { migrateSqlite } from '../../src/db/schema.ts';
import { SCHEMA_VERSION } from '../../src/db/schema-version.ts';
import { openSqlite } from '../../src/db/sqlite.ts';
import type { Fields } from '../../src/records/field.ts';
import { definitionOf, objectTypes } from '../../src/records/registry.ts';
import type { Instant } from '../../src/values/instant.ts';
import { useFolder } from './files.ts';
import { expectTenancy, fillTables, referencesOf } from './filled-tables.ts';

const folder = useFolder();

/** `table.column` of every reference that the definitions speak of. */
function stated(table: string, fields: Fields): readonly string[] {
  return Object.entries(fields).flatMap(([name, field]) => {
    if (field.kind === 'reference') return [`${table}.${columnName(name, field)}`];
    if (field.kind === 'items') return stated(collectionTable(table, name), field.fields);
    if (field.kind !== 'references' || field.inverse !== undefined) return [];
    return [`${collectionTable(table, name)}.target_id`];
  });
}

test('the database itself refuses every reference to a record of another client', async () => {
  const database = openSqlite({ file: `${folder}/tenancy.db`, lockWaitMs: 1000, create: true });
  expect((await migrateSqlite(database, 1_768_219_200 as Instant, 'tph')).to).toBe(SCHEMA_VERSION);
  fillTables(database.connection, allTables, allTables);
  const references = referencesOf(allTables);
  for (const [table, key] of references) expectTenancy(database.connection, table, key, allTables);
  await database.close();
  const tried = references.map(([table, key]) => `${table.name}.${key.columns.at(-1)}`);
  const said = objectTypes.flatMap((type) => stated(definitionOf(type).table, definitionOf(type).fields));
  expect(said.length).toBeGreaterThan(30);
  expect(said.filter((reference) => !tried.includes(reference))).toEqual([]);
});
