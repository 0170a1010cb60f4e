import { sql } from 'kysely';
import type { NaturalHandle, RecordDefinition } from '../records/definition.ts';
import type { ReferencesField } from '../records/field.ts';
import type { Filter } from '../records/filters.ts';
import { snake } from '../records/names.ts';
import type { Id } from '../values/id.ts';
import type { Instant } from '../values/instant.ts';
import { fold } from '../values/text.ts';
import { decodeId, encodeId } from './codec.ts';
import { collectionTable, columnName, handleColumn } from './columns.ts';
import type { Queries, Subquery } from './database.ts';
import { linkOf } from './record-store.ts';

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
  const { after } = query;
  let select = queries
    .selectFrom(definition.table)
    .select(['id', 'updated_date'])
    .where('client_id', '=', encodeId(clientId))
    .where('deleted_at', query.deleted ? 'is not' : 'is', null);
  if (query.only !== undefined) select = select.where('id', '=', encodeId(query.only));
  for (const [filter, value] of query.filters) {
    const field = definition.fields[filter.field];
    if (field === undefined) continue;
    if (field.kind === 'references' || field.kind === 'tags' || field.kind === 'items') {
      const { table, own, column } = collectionColumn(definition, filter);
      const encoded = filter.kind === 'tag' ? fold(value as string) : encodeId(value as Id);
      select = select.where('id', 'in', (build: Subquery) =>
        build
          .selectFrom(table)
          .select(own)
          .where('client_id', '=', encodeId(clientId))
          .where(column, '=', encoded),
      );
    } else {
      const encoded =
        filter.kind === 'reference'
          ? encodeId(value as Id)
          : filter.kind === 'boolean'
            ? Number(value)
            : value;
      select = select.where(columnName(filter.field, field), '=', encoded);
    }
  }
  const { visibleTo } = query;
  if (visibleTo !== undefined)
    select = select.where((build) =>
      build.or([
        build('primary_group_id', 'is', null),
        ...(visibleTo.length === 0 ? [] : [build('primary_group_id', 'in', visibleTo.map(encodeId))]),
      ]),
    );
  const { search } = query;
  if (search !== undefined)
    select = select.where((build) =>
      build.or(
        search.flatMap(({ handle, text }) => {
          const column = handleColumn(definition, handle);
          const first = build.and([build(column, '>=', text), build(column, '<', `${text}\u{10ffff}`)]);
          if (handle.fields.length === 1) return [first];
          // The records are gone through in the order of their ids anyhow: no index is missed here.
          const later = sql<boolean>`${sql.ref(column)} like ${`% ${literally(text)}%`} escape '!'`;
          return [first, later];
        }),
      ),
    );
  if (query.liveAt !== undefined) {
    const at = query.liveAt;
    select = select.where((build) =>
      build.or([build('expires_at', 'is', null), build('expires_at', '>', at)]),
    );
  }
  if (query.lapsedAt !== undefined) select = select.where('expires_at', '<=', query.lapsedAt);
  if (query.lapsing !== undefined)
    select = select
      .where('expires_at', '>', query.lapsing.from)
      .where('expires_at', '<=', query.lapsing.until);
  if (query.updatedSince === undefined) {
    if (after !== undefined) select = select.where('id', '>', encodeId(after.id));
    select = select.orderBy('id');
  } else {
    select = select.where('updated_date', '>=', query.updatedSince);
    if (after !== undefined) {
      const date = after.updatedDate ?? 0;
      select = select.where((build) =>
        build.or([
          build('updated_date', '>', date),
          build.and([build('updated_date', '=', date), build('id', '>', encodeId(after.id))]),
        ]),
      );
    }
    select = select.orderBy('updated_date').orderBy('id');
  }
  const rows = await select.limit(query.limit).execute();
  return rows.map((row) => ({
    id: decodeId(row['id']),
    updatedDate: Number(row['updated_date']) as Instant,
  }));
}

/** A text for `like`, where it stands for itself. */
const literally = (text: string): string => text.replace(/[!%_]/g, '!$&');

/** Where a filter on a collection looks: a table, the column of the owner, the column to compare. */
function collectionColumn(definition: RecordDefinition, filter: Filter) {
  const field = definition.fields[filter.field];
  const table = collectionTable(definition.table, filter.field);
  if (field?.kind === 'tags') return { table, own: 'owner_id', column: 'tag_folded' };
  if (field?.kind === 'references') {
    const link = linkOf(definition, filter.field, field as ReferencesField);
    return { table: link.table, own: link.own, column: link.other };
  }
  const inner = filter.inner ?? '';
  const innerField = field?.kind === 'items' ? field.fields[inner] : undefined;
  if (innerField?.kind === 'references')
    return { table: collectionTable(table, inner), own: 'owner_id', column: 'target_id' };
  return { table, own: 'owner_id', column: `${snake(inner)}_id` };
}
