import type { ObjectType } from '../records/field.ts';
import type { Id } from '../values/id.ts';
import type { Instant } from '../values/instant.ts';
import { decodeId, encodeId } from './codec.ts';
import type { Queries, Row } from './database.ts';
import { departmentsOutsideOf } from './departments.ts';
import { areFew, inAny, type Part, part } from './few.ts';
import { insert, rows } from './statement.ts';

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
  await insert(queries, 'audit_event', [
    {
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
    },
  ]);
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
  const conditions = ['client_id = ?'];
  const client = encodeId(clientId);
  const parameters: unknown[] = [client];
  const where = (condition: string, value: unknown): void => {
    if (value === undefined) return;
    conditions.push(condition);
    parameters.push(value);
  };
  const encoded = (id: Id | undefined) => (id === undefined ? undefined : encodeId(id));
  where('id < ?', encoded(query.olderThan));
  where('id > ?', encoded(query.newerThan));
  where('id = ?', encoded(query.id));
  where('object_type = ?', query.objectType);
  where('object_id = ?', encoded(query.objectId));
  where('actor = ?', query.actor);
  // The index of removals says these, too.
  if (query.action === 'DELETE' || query.action === 'RESTORE')
    conditions.push("action <> 'CREATE'", "action <> 'UPDATE'");
  where('action = ?', query.action);
  if (query.operation?.includes('.') === true) where('operation = ?', query.operation);
  for (const span of spans(query)) {
    const place = part(`from audit_event where client_id = ? and ${span.text}`, client, ...span.parameters);
    const narrow = (await areFew(queries, [place])) ? inAny('id', [place]) : apart(span);
    conditions.push(narrow.text);
    parameters.push(...narrow.parameters);
  }
  if (query.visibleTo !== undefined) {
    const hidden = departmentsOutsideOf(clientId, query.visibleTo);
    where('object_type != ?', 'Client' satisfies ObjectType);
    where(
      `(object_type != ? or object_id not in (${hidden.text}))`,
      'AccountDepartment' satisfies ObjectType,
    );
    parameters.push(...hidden.parameters);
  }
  const found = await rows(
    queries,
    `select * from audit_event where ${conditions.join(' and ')} order by id desc limit ?`,
    [...parameters, query.limit],
  );
  return found.map(decodeEntry);
}

/** What is asked of entries that stand together in an index, but there in another order than in the trail. */
function spans({ since, until, operation }: AuditQuery): readonly Part[] {
  const found: Part[] = [];
  if (since !== undefined && until !== undefined) found.push(part('at >= ? and at < ?', since, until));
  else if (since !== undefined) found.push(part('at >= ?', since));
  else if (until !== undefined) found.push(part('at < ?', until));
  if (operation !== undefined && !operation.includes('.'))
    found.push(part('operation >= ? and operation < ?', `${operation}.`, `${operation}/`));
  return found;
}

/** The same of each entry that is gone through, without an index. */
const apart = ({ text, parameters }: Part): Part => ({
  text: text.replaceAll('at ', '+at ').replaceAll('operation ', "operation || '' "),
  parameters,
});

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
