import { sql } from 'kysely';
import type { NaturalHandle, RecordDefinition } from '../records/definition.ts';
import type { TextField } from '../records/field.ts';
import { snake } from '../records/names.ts';
import type { Id } from '../values/id.ts';
import { fold } from '../values/text.ts';
import { decodeId, encodeId, encodeValue } from './codec.ts';
import { columnName, handleColumn } from './columns.ts';
import type { Queries, Row, Subquery } from './database.ts';
import { once } from './memory.ts';
import { uniqueColumn } from './tables.ts';

/** Which records a look-up is about: live ones, deleted ones, or both. */
export type Among = 'live' | 'deleted' | 'all';

const scoped = (queries: Queries, clientId: Id, definition: RecordDefinition, among: Among) => {
  const select = queries.selectFrom(definition.table).where('client_id', '=', encodeId(clientId));
  if (among === 'all') return select;
  return select.where('deleted_at', among === 'live' ? 'is' : 'is not', null);
};

/** Whether the client has a record with this id. */
export async function existsById(
  queries: Queries,
  clientId: Id,
  definition: RecordDefinition,
  id: Id,
  among: Among,
): Promise<boolean> {
  return once(queries, `${among} ${definition.objectType} ${clientId} ${id}`, async () => {
    const row = await scoped(queries, clientId, definition, among)
      .select('id')
      .where('id', '=', encodeId(id))
      .executeTakeFirst();
    return row !== undefined;
  });
}

/** How many records one handle is followed to: more than anybody picks from. */
export const MOST_FOUND = 20;

/** At most `MOST_FOUND` records whose handle is `value`, in its look-up form (folded, E.164); within a parent where one is given. */
export async function findByHandle(
  queries: Queries,
  clientId: Id,
  definition: RecordDefinition,
  handle: NaturalHandle,
  value: string,
  among: Among,
  parent?: Id,
): Promise<readonly Id[]> {
  let select = scoped(queries, clientId, definition, among)
    .select('id')
    .where(handleColumn(definition, handle), '=', value);
  if (handle.within !== undefined && parent !== undefined)
    select = select.where(`${snake(handle.within)}_id`, '=', encodeId(parent));
  // Not the bare column: SQLite would rather go through all records in the order of their ids than use the handle's index.
  const rows = await select.orderBy(sql`+"id"`).limit(MOST_FOUND).execute();
  return rows.map((row) => decodeId(row['id']));
}

/** Some of the live handles of a kind, as people wrote them: all of a small kind, those beginning alike of a large one. */
export async function someHandles(
  queries: Queries,
  clientId: Id,
  definition: RecordDefinition,
  handle: NaturalHandle,
  beginning: string,
  parent?: Id,
): Promise<readonly string[]> {
  const column = handleColumn(definition, handle);
  const shown = handle.fields.map((name) => snake(name));
  const read = async (from: string, until: string | undefined): Promise<readonly Row[]> => {
    let select = scoped(queries, clientId, definition, 'live').select(shown).where(column, '>=', from);
    if (until !== undefined) select = select.where(column, '<', until);
    if (handle.within !== undefined && parent !== undefined)
      select = select.where(`${snake(handle.within)}_id`, '=', encodeId(parent));
    return select.orderBy(column).limit(1000).execute();
  };
  const all = await read('', undefined);
  const first = [...beginning][0];
  const alike = all.length < 1000 || first === undefined ? [] : await read(first, `${first}\u{10ffff}`);
  const text = (row: Row) =>
    shown
      .map((name) => row[name])
      .filter((part) => part !== null)
      .join(' ');
  return [...new Set([...all, ...alike].map(text))];
}

/** A live record (or, for rules that count deleted ones, any) that has the same values under a uniqueness rule. */
export async function findTwin(
  queries: Queries,
  clientId: Id,
  definition: RecordDefinition,
  rule: RecordDefinition['unique'][number],
  values: Readonly<Record<string, unknown>>,
  except: Id | undefined,
): Promise<Id | undefined> {
  let select = scoped(queries, clientId, definition, rule.evenDeleted ? 'all' : 'live').select('id');
  for (const name of rule.fields) {
    const field = definition.fields[name] as TextField;
    const value = values[name];
    if (value === null || value === undefined) return undefined;
    const column = uniqueColumn(definition, name);
    const encoded = field.kind === 'text' && field.fold ? fold(value as string) : encodeValue(field, value);
    select = select.where(column, '=', encoded);
  }
  if (rule.unless !== undefined) select = select.where(snake(rule.unless), '=', 0);
  if (rule.only !== undefined) select = select.where(snake(rule.only), '=', 1);
  if (except !== undefined) select = select.where('id', '!=', encodeId(except));
  const row = await select.limit(1).executeTakeFirst();
  return row === undefined ? undefined : decodeId(row['id']);
}

/** What the database can count of live records that refer to one through a column or a link. */
export interface Referrers {
  readonly count: number;
  readonly first: readonly Id[];
}

/** Live records of `from` that refer to `id` through the column of a reference. */
export async function referrersByColumn(
  queries: Queries,
  clientId: Id,
  from: RecordDefinition,
  field: string,
  id: Id,
): Promise<Referrers> {
  const column = columnName(field, { kind: 'reference', target: 'Client', help: '' });
  const rows = scoped(queries, clientId, from, 'live').where(column, '=', encodeId(id));
  const total = await rows.select((build) => build.fn.countAll().as('count')).executeTakeFirst();
  const first = await rows.select('id').orderBy('id').limit(5).execute();
  return { count: Number(total?.['count'] ?? 0), first: first.map((row) => decodeId(row['id'])) };
}

/** Live records of `from` that have `id` in a table of their own: a link table, or a list of items. */
export async function referrersByTable(
  queries: Queries,
  clientId: Id,
  from: RecordDefinition,
  table: string,
  column: string,
  id: Id,
): Promise<Referrers> {
  const rows = scoped(queries, clientId, from, 'live').where('id', 'in', (build: Subquery) =>
    build
      .selectFrom(table)
      .select('owner_id')
      .where('client_id', '=', encodeId(clientId))
      .where(column, '=', encodeId(id)),
  );
  const total = await rows.select((build) => build.fn.countAll().as('count')).executeTakeFirst();
  const first = await rows.select('id').orderBy('id').limit(5).execute();
  return { count: Number(total?.['count'] ?? 0), first: first.map((row) => decodeId(row['id'])) };
}
