import type { ObjectType } from '../records/field.ts';
import type { Id } from '../values/id.ts';
import type { Instant } from '../values/instant.ts';
import { decodeId, encodeId } from './codec.ts';
import type { Queries, Row } from './database.ts';
import { departmentsOutsideOf } from './departments.ts';

/** One change to one record, as it is kept (spec section 8). */
export interface AuditEntry {
  readonly id: Id;
  readonly at: Instant;
  readonly actor: string;
  readonly reason: string | null;
  readonly operation: string;
  readonly action: 'CREATE' | 'UPDATE' | 'DELETE' | 'RESTORE';
  readonly objectType: ObjectType;
  readonly objectId: Id;
  readonly objectName: string;
  readonly before: Readonly<Record<string, unknown>> | null;
  readonly after: Readonly<Record<string, unknown>> | null;
}

/** Written in the transaction of the change, so that both are there or neither. */
export async function writeAudit(queries: Queries, clientId: Id, entry: AuditEntry): Promise<void> {
  await queries
    .insertInto('audit_event')
    .values({
      client_id: encodeId(clientId),
      id: encodeId(entry.id),
      at: entry.at,
      actor: entry.actor,
      reason: entry.reason,
      operation: entry.operation,
      action: entry.action,
      object_type: entry.objectType,
      object_id: encodeId(entry.objectId),
      object_name: entry.objectName,
      before: entry.before === null ? null : JSON.stringify(entry.before),
      after: entry.after === null ? null : JSON.stringify(entry.after),
    })
    .execute();
}

export interface AuditQuery {
  readonly limit: number;
  /** Only entries older than this one. */
  readonly olderThan?: Id | undefined;
  /** Only entries newer than this one. */
  readonly newerThan?: Id | undefined;
  /** Only this one. */
  readonly id?: Id | undefined;
  readonly since?: Instant | undefined;
  readonly until?: Instant | undefined;
  readonly objectType?: ObjectType | undefined;
  readonly objectId?: Id | undefined;
  readonly actor?: string | undefined;
  readonly action?: AuditEntry['action'] | undefined;
  /** An operation, or with no dot all those of one noun; letters only. */
  readonly operation?: string | undefined;
  /** Without the trail of the client itself, and of departments whose primary group is none of these. */
  readonly visibleTo?: readonly Id[] | undefined;
}

/** Entries of the client, newest first. */
export async function readAudit(
  queries: Queries,
  clientId: Id,
  query: AuditQuery,
): Promise<readonly AuditEntry[]> {
  let select = queries.selectFrom('audit_event').selectAll().where('client_id', '=', encodeId(clientId));
  if (query.olderThan !== undefined) select = select.where('id', '<', encodeId(query.olderThan));
  if (query.newerThan !== undefined) select = select.where('id', '>', encodeId(query.newerThan));
  if (query.id !== undefined) select = select.where('id', '=', encodeId(query.id));
  if (query.since !== undefined) select = select.where('at', '>=', query.since);
  if (query.until !== undefined) select = select.where('at', '<', query.until);
  if (query.objectType !== undefined) select = select.where('object_type', '=', query.objectType);
  if (query.objectId !== undefined) select = select.where('object_id', '=', encodeId(query.objectId));
  if (query.actor !== undefined) select = select.where('actor', '=', query.actor);
  if (query.action !== undefined) select = select.where('action', '=', query.action);
  if (query.operation !== undefined)
    select = query.operation.includes('.')
      ? select.where('operation', '=', query.operation)
      : select.where('operation', 'like', `${query.operation}.%`);
  if (query.visibleTo !== undefined) {
    const hidden = departmentsOutsideOf(queries, clientId, query.visibleTo);
    select = select
      .where('object_type', '!=', 'Client' satisfies ObjectType)
      .where((build) =>
        build.or([
          build('object_type', '!=', 'AccountDepartment' satisfies ObjectType),
          build('object_id', 'not in', hidden),
        ]),
      );
  }
  const rows = await select.orderBy('id', 'desc').limit(query.limit).execute();
  return rows.map(decodeEntry);
}

function decodeEntry(row: Row): AuditEntry {
  const json = (value: unknown) =>
    value === null ? null : (JSON.parse(value as string) as Record<string, unknown>);
  return {
    id: decodeId(row['id']),
    at: Number(row['at']) as Instant,
    actor: row['actor'] as string,
    reason: row['reason'] as string | null,
    operation: row['operation'] as string,
    action: row['action'] as AuditEntry['action'],
    objectType: row['object_type'] as ObjectType,
    objectId: decodeId(row['object_id']),
    objectName: row['object_name'] as string,
    before: json(row['before']),
    after: json(row['after']),
  };
}
