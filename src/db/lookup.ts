import type { NaturalHandle, RecordDefinition } from '../records/definition.ts';
import type { TextField } from '../records/field.ts';
import { snake } from '../records/names.ts';
import type { Id } from '../values/id.ts';
import { fold } from '../values/text.ts';
import { decodeId, encodeId, encodeValue } from './codec.ts';
import { columnName, handleColumn, uniqueColumn } from './columns.ts';
import type { Queries, Row } from './database.ts';
import { once } from './memory.ts';
import { firstRow, rows } from './statement.ts';

/** Which records a look-up is about: live ones, deleted ones, or both. */
export type Among = 'live' | 'deleted' | 'all';

/** The records of a kind that a look-up is about; the first parameter is the client. */
const scoped = ({ table }: RecordDefinition, among: Among): string =>
  `from "${table}" where client_id = ?${among === 'all' ? '' : ` and deleted_at ${among === 'live' ? 'is null' : 'is not null'}`}`;

/** Whether the client has a record with this id. */
export async function existsById(
  queries: Queries,
  clientId: Id,
  definition: RecordDefinition,
  id: Id,
  among: Among,
): Promise<boolean> {
  return once(queries, `${among} ${definition.objectType} ${clientId} ${id}`, async () => {
    const row = await firstRow(
      queries,
      `select id ${scoped(definition, among)} and id = ?`,
      [clientId, id].map(encodeId),
    );
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
  const ofParent = handle.within !== undefined && parent !== undefined;
  // Not the bare column: SQLite would rather go through all records in the order of their ids than use the handle's index.
  const found = await rows(
    queries,
    `select id ${scoped(definition, among)} and "${handleColumn(definition, handle)}" = ?
     ${ofParent ? `and "${snake(handle.within)}_id" = ?` : ''} order by +"id" limit ${MOST_FOUND}`,
    [encodeId(clientId), value, ...(ofParent ? [encodeId(parent)] : [])],
  );
  return found.map((row) => decodeId(row['id']));
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
    const ofParent = handle.within !== undefined && parent !== undefined;
    const conditions = [
      ...(until === undefined ? [] : [`and "${column}" < ?`]),
      ...(ofParent ? [`and "${snake(handle.within)}_id" = ?`] : []),
    ];
    return rows(
      queries,
      `select ${shown.map((name) => `"${name}"`).join(', ')} ${scoped(definition, 'live')} and "${column}" >= ?
       ${conditions.join(' ')} order by "${column}" limit 1000`,
      [
        encodeId(clientId),
        from,
        ...(until === undefined ? [] : [until]),
        ...(ofParent ? [encodeId(parent)] : []),
      ],
    );
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
  const conditions: string[] = [];
  const parameters: unknown[] = [encodeId(clientId)];
  for (const name of rule.fields) {
    const field = definition.fields[name] as TextField;
    const value = values[name];
    if (value === null || value === undefined) return undefined;
    const column = uniqueColumn(definition, name);
    const encoded = field.kind === 'text' && field.fold ? fold(value as string) : encodeValue(field, value);
    conditions.push(`and "${column}" = ?`);
    parameters.push(encoded);
  }
  if (rule.unless !== undefined) conditions.push(`and "${snake(rule.unless)}" = 0`);
  if (rule.only !== undefined) conditions.push(`and "${snake(rule.only)}" = 1`);
  if (except !== undefined) {
    conditions.push('and id != ?');
    parameters.push(encodeId(except));
  }
  const row = await firstRow(
    queries,
    `select id ${scoped(definition, rule.evenDeleted ? 'all' : 'live')} ${conditions.join(' ')} limit 1`,
    parameters,
  );
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
  return referrers(queries, `${scoped(from, 'live')} and "${column}" = ?`, [clientId, id].map(encodeId));
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
  return referrers(
    queries,
    `${scoped(from, 'live')} and id in (select owner_id from "${table}" where client_id = ? and "${column}" = ?)`,
    [clientId, clientId, id].map(encodeId),
  );
}

async function referrers(
  queries: Queries,
  found: string,
  parameters: readonly unknown[],
): Promise<Referrers> {
  const total = await firstRow(queries, `select count(*) as "count" ${found}`, parameters);
  const first = await rows(queries, `select id ${found} order by id limit 5`, parameters);
  return { count: Number(total?.['count'] ?? 0), first: first.map((row) => decodeId(row['id'])) };
}
