import type { NaturalHandle, RecordDefinition } from '../records/definition.ts';
import type { ReferencesField } from '../records/field.ts';
import type { Filter } from '../records/filters.ts';
import { snake } from '../records/names.ts';
import type { Id } from '../values/id.ts';
import type { Instant } from '../values/instant.ts';
import { fold } from '../values/text.ts';
import { decodeId, encodeId } from './codec.ts';
import { collectionTable, columnName } from './columns.ts';
import type { Queries } from './database.ts';
import { areFew, inAny, type Part, part } from './few.ts';
import { commonValue } from './list-indexes.ts';
import { ranges } from './list-search.ts';
import { linkOf } from './record-store.ts';
import { marks, rows } from './statement.ts';

export interface Beginning {
  readonly handle: NaturalHandle;
  readonly text: string;
}

export interface ListQuery {
  readonly limit: number;
  readonly after: { readonly id: Id; readonly updatedDate: Instant | null } | undefined;
  readonly deleted: boolean;
  /** This record alone, where it fits the rest. */
  readonly only?: Id | undefined;
  readonly updatedSince: Instant | undefined;
  /** Filters with their values: ids for references, stored values for the others. */
  readonly filters: readonly (readonly [Filter, unknown])[];
  /**
   * Only those one of whose handles begins with one of these texts, in its look-up form (folded, E.164); of a name
   * joined from several fields, any word of it: people are looked for by their last names too.
   */
  readonly search?: readonly Beginning[] | undefined;
  /** Departments only: those of these ACL groups or of none (spec section 4.4). */
  readonly visibleTo?: readonly Id[] | undefined;
  /** Preferences: live at this instant, lapsed at it, or live at `from` and lapsed by `until`. */
  readonly liveAt?: Instant | undefined;
  readonly lapsedAt?: Instant | undefined;
  readonly lapsing?: { readonly from: Instant; readonly until: Instant } | undefined;
}

/** One page of ids: by id, or by the change date when asked for changes since an instant. */
export async function listIds(
  queries: Queries,
  clientId: Id,
  definition: RecordDefinition,
  query: ListQuery,
): Promise<readonly { readonly id: Id; readonly updatedDate: Instant }[]> {
  // A kind without handles, or a text that begins none.
  if (query.search?.length === 0) return [];
  const client = encodeId(clientId);
  const byDate = query.updatedSince !== undefined;
  const collections = query.filters.flatMap(([filter, value]) => {
    const found = inCollection(definition, filter, value);
    return found === undefined ? [] : [found];
  });
  // The entries of a collection stand in the order of their owners: a page of them is read, however many there are.
  const [driving] = byDate || query.search !== undefined || query.only !== undefined ? [] : collections;
  const rest = driving === undefined ? collections : collections.slice(1);
  const parts: readonly Part[] = [
    part(query.deleted ? 'r.deleted_at is not null' : 'r.deleted_at is null'),
    ...(query.only === undefined ? [] : [part('r.id = ?', encodeId(query.only))]),
    ...query.filters.flatMap(([filter, value]) => inColumn(definition, filter, value)),
    ...rest.map(({ table, own, column, value }) =>
      part(
        `exists (select 1 from "${table}" c where c.client_id = r.client_id and c."${own}" = r.id and c."${column}" = ?)`,
        value,
      ),
    ),
    ...visibility(query.visibleTo),
    ...(await among(queries, client, definition, query)),
    ...position(query, driving === undefined ? 'r.id' : `c."${driving.own}"`),
  ];
  const where = parts.map(({ text }) => ` and ${text}`).join('');
  const parameters = parts.flatMap((one) => one.parameters);
  const found =
    driving === undefined
      ? await rows(
          queries,
          `select r.id, r.updated_date from "${definition.table}" r where r.client_id = ?${where}
           order by ${byDate ? 'r.updated_date, ' : ''}r.id limit ?`,
          [client, ...parameters, query.limit],
        )
      : await rows(
          queries,
          // A cross join is carried out in the order in which it is written.
          `select ${driving.several ? 'distinct ' : ''}c."${driving.own}" as id, r.updated_date from "${driving.table}" c
           cross join "${definition.table}" r
           where c.client_id = ? and c."${driving.column}" = ? and r.client_id = c.client_id and r.id = c."${driving.own}"${where}
           order by c."${driving.own}" limit ?`,
          [client, driving.value, ...parameters, query.limit],
        );
  return found.map((row) => ({
    id: decodeId(row['id']),
    updatedDate: Number(row['updated_date']) as Instant,
  }));
}

/** A filter on a column of the record. */
function inColumn(definition: RecordDefinition, filter: Filter, value: unknown): readonly Part[] {
  const field = definition.fields[filter.field];
  if (field === undefined || isInCollection(definition, filter)) return [];
  const column = `r."${columnName(filter.field, field)}"`;
  if (filter.kind === 'reference') return [part(`${column} = ?`, encodeId(value as Id))];
  if (filter.kind !== 'boolean') return [part(`${column} = ?`, value)];
  // Written out, as an index of few rows says it.
  const wanted = Number(value);
  return [commonValue(field) === wanted ? part(`+${column} = ${wanted}`) : part(`${column} = ${wanted}`)];
}

const isInCollection = (definition: RecordDefinition, { field }: Filter): boolean =>
  ['references', 'tags', 'items'].includes(definition.fields[field]?.kind ?? '');

/**
 * A filter on a collection: a table, the column of the owner, the column to compare, and with what; whether an owner may
 * have several entries with one value.
 */
function inCollection(definition: RecordDefinition, filter: Filter, given: unknown) {
  if (!isInCollection(definition, filter)) return undefined;
  const field = definition.fields[filter.field];
  const table = collectionTable(definition.table, filter.field);
  if (field?.kind === 'tags')
    return { table, own: 'owner_id', column: 'tag_folded', value: fold(given as string), several: false };
  const value = encodeId(given as Id);
  if (field?.kind === 'references') {
    const link = linkOf(definition, filter.field, field as ReferencesField);
    return { table: link.table, own: link.own, column: link.other, value, several: false };
  }
  const inner = filter.inner ?? '';
  const innerField = field?.kind === 'items' ? field.fields[inner] : undefined;
  if (innerField?.kind === 'references')
    return {
      table: collectionTable(table, inner),
      own: 'owner_id',
      column: 'target_id',
      value,
      several: true,
    };
  return { table, own: 'owner_id', column: `${snake(inner)}_id`, value, several: true };
}

function visibility(groups: readonly Id[] | undefined): readonly Part[] {
  if (groups === undefined) return [];
  if (groups.length === 0) return [part('r.primary_group_id is null')];
  return [
    part(
      `(r.primary_group_id is null or r.primary_group_id in (${marks(groups.length)}))`,
      ...groups.map(encodeId),
    ),
  ];
}

/** What is after the page before. */
function position({ after, updatedSince }: ListQuery, id: string): readonly Part[] {
  if (updatedSince === undefined) return after === undefined ? [] : [part(`${id} > ?`, encodeId(after.id))];
  if (after === undefined) return [part('r.updated_date >= ?', updatedSince)];
  const date = Math.max(updatedSince, after.updatedDate ?? 0);
  if (date > (after.updatedDate ?? 0)) return [part('r.updated_date >= ?', date)];
  return [
    part('r.updated_date >= ?', date),
    part('(r.updated_date > ? or r.id > ?)', date, encodeId(after.id)),
  ];
}

/**
 * Narrows to texts and spans of time, whose indexes are in another order than the list: the few that fit are found
 * first; where many fit, the list is gone through in its order.
 */
async function among(
  queries: Queries,
  client: bigint,
  definition: RecordDefinition,
  query: ListQuery,
): Promise<readonly Part[]> {
  const parts: Part[] = [];
  if (query.search !== undefined)
    parts.push(await searched(queries, client, definition, query, query.search));
  if (query.liveAt !== undefined)
    parts.push(part('(r.expires_at is null or r.expires_at > ?)', query.liveAt));
  const lapsed: readonly Part[] = [
    ...(query.lapsedAt === undefined ? [] : [part('expires_at <= ?', query.lapsedAt)]),
    ...(query.lapsing === undefined
      ? []
      : [part('expires_at > ? and expires_at <= ?', query.lapsing.from, query.lapsing.until)]),
  ];
  for (const { text, parameters } of lapsed) {
    const span = [part(`from "${definition.table}" where client_id = ? and ${text}`, client, ...parameters)];
    if (await areFew(queries, span)) parts.push(inAny('r.id', span));
    else parts.push(part(text.replaceAll('expires_at', '+r.expires_at'), ...parameters));
  }
  return parts;
}

async function searched(
  queries: Queries,
  client: bigint,
  definition: RecordDefinition,
  { deleted }: ListQuery,
  beginnings: readonly Beginning[],
): Promise<Part> {
  const { indexed, anywhere } = ranges(queries.dialect, definition, beginnings);
  const places = indexed.map(({ text, parameters }) =>
    part(
      `from "${definition.table}" where client_id = ? and deleted_at is null and ${text}`,
      client,
      ...parameters,
    ),
  );
  // Indexes of handles are of live records; deleted ones are few.
  return !deleted && (await areFew(queries, places)) ? inAny('r.id', places) : anywhere;
}
