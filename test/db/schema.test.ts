import { expect, test } from 'vitest';
import { migrations } from '../../src/db/migrations.ts';
import { SCHEMA_VERSION } from '../../src/db/schema-version.ts';
import { byHand, createDatabase, useFolder } from './files.ts';

const folder = useFolder();
const written = migrations('sqlite').map(
  (step) => [step.version, `${step.statements.join(';\n\n')};\n`] as const,
);

test.each(written)('version %i is what was published', async (version, statements) => {
  const name = String(version).padStart(3, '0');
  await expect(statements).toMatchFileSnapshot(`./schema/${name}.sql`);
});

test('versions follow each other', () => {
  expect(written.map(([version]) => version)).toEqual(
    Array.from({ length: SCHEMA_VERSION }, (_, index) => index + 1),
  );
});

test('a database has every table STRICT, and every table begins with the client or stands alone', async () => {
  const file = `${folder}/strict.db`;
  await createDatabase(file);
  const tables = byHand(file, (connection) =>
    connection
      .prepare(
        "select name, strict from pragma_table_list where schema = 'main' and name not like 'sqlite_%'",
      )
      .all(),
  ) as { name: string; strict: number }[];
  expect(tables.filter((table) => table.strict !== 1)).toEqual([]);
  const shared = ['id_sequence', 'schema_version'];
  for (const { name } of tables.filter((table) => !shared.includes(table.name))) {
    const columns = byHand(file, (connection) => connection.pragma(`table_info(${name})`)) as {
      name: string;
      pk: number;
    }[];
    expect(columns.find((column) => column.pk === 1)?.name, name).toBe('client_id');
  }
});

test('every reference from one record to another carries the client', async () => {
  const file = `${folder}/keys.db`;
  await createDatabase(file);
  const keys = byHand(file, (connection) =>
    connection
      .prepare(
        `select m.name as name, f.id as id, group_concat(f."from") as columns
         from sqlite_schema m join pragma_foreign_key_list(m.name) f where m.type = 'table' group by m.name, f.id`,
      )
      .all(),
  ) as { name: string; columns: string }[];
  expect(keys.length).toBeGreaterThan(30);
  expect(keys.filter((key) => !key.columns.split(',').includes('client_id'))).toEqual([]);
});
