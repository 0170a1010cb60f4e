import type { RecordDefinition } from '../records/definition.ts';
import type { Fields, ObjectType } from '../records/field.ts';
import { definitionOf, objectTypes } from '../records/registry.ts';
import type { Id } from '../values/id.ts';
import type { Instant } from '../values/instant.ts';
import type { AuditEntry } from './audit.ts';
import { type Connection, heldStatement } from './bulk-insert.ts';
import { decodeId, encodeId } from './codec.ts';
import { collectionTable, columnName } from './columns.ts';
import type { Row } from './database.ts';

type Range = readonly [first: bigint, last: bigint];

/** A change that is to be taken back. */
export interface ImportEvent {
  readonly id: bigint;
  readonly object: bigint;
  readonly objectType: ObjectType;
  readonly objectName: string;
  readonly action: AuditEntry['action'];
  readonly before: Readonly<Record<string, unknown>> | null;
}

/** A change that came after one of the import. */
export interface LaterEvent {
  readonly id: bigint;
  readonly at: Instant;
  readonly actor: string;
  readonly operation: string;
}

/** What a change did to a record, as the audit trail keeps it. */
export interface RecordChange {
  readonly id: bigint;
  readonly before: Readonly<Record<string, unknown>>;
  readonly after: Readonly<Record<string, unknown>>;
}

/** Reads what an undo goes by, through held statements. */
export class UndoReader {
  readonly #connection: Connection;
  readonly #client: bigint;

  constructor(connection: Connection, clientId: Id) {
    this.#connection = connection;
    this.#client = encodeId(clientId);
  }

  /** The audit events of each batch of a run, newest first; and those of former undos of it. */
  ranges(run: Id): { readonly imported: readonly Range[]; readonly undone: readonly Range[] } {
    const rows = this.#connection
      .prepare(
        `select number, first_event, last_event from import_batch
         where client_id = ? and import_id = ? and first_event is not null order by first_event desc`,
      )
      .all(this.#client, encodeId(run)) as { number: bigint; first_event: bigint; last_event: bigint }[];
    const of = (isUndo: boolean) =>
      rows
        .filter(({ number }) => number < 0n === isUndo)
        .map((row): Range => [row.first_event, row.last_event]);
    return { imported: of(false), undone: of(true) };
  }

  /** At most `limit` events of a range that are older than one, newest first. */
  events([first, last]: Range, olderThan: bigint | undefined, limit: number): readonly ImportEvent[] {
    const rows = this.#connection
      .prepare(
        `select id, object_id, object_type, object_name, action, before from audit_event
         where client_id = ? and id between ? and ? order by id desc limit ?`,
      )
      .all(this.#client, first, olderThan === undefined ? last : olderThan - 1n, limit) as Row[];
    return rows.map((row) => ({
      id: row['id'] as bigint,
      object: row['object_id'] as bigint,
      objectType: row['object_type'] as ObjectType,
      objectName: row['object_name'] as string,
      action: row['action'] as ImportEvent['action'],
      before: row['before'] === null ? null : (JSON.parse(row['before'] as string) as ImportEvent['before']),
    }));
  }

  /** The events of each object from `since` on, oldest first. */
  history(
    objects: readonly { readonly object: bigint; readonly since: bigint }[],
  ): readonly (readonly LaterEvent[])[] {
    const statement = heldStatement(
      this.#connection,
      'select id, at, actor, operation from audit_event where client_id = ? and object_id = ? and id >= ? order by id',
    );
    return objects.map(({ object, since }) =>
      (statement.all(this.#client, object, since) as Row[]).map((row) => ({
        id: row['id'] as bigint,
        at: Number(row['at']) as Instant,
        actor: row['actor'] as string,
        operation: row['operation'] as string,
      })),
    );
  }

  /** What the events of an object from `since` on did to it, oldest first. */
  changes(object: bigint, since: bigint): readonly RecordChange[] {
    const rows = heldStatement(
      this.#connection,
      'select id, before, after from audit_event where client_id = ? and object_id = ? and id >= ? order by id',
    ).all(this.#client, object, since) as Row[];
    const values = (text: unknown) => JSON.parse((text as string | null) ?? '{}') as RecordChange['before'];
    return rows.map((row) => ({
      id: row['id'] as bigint,
      before: values(row['before']),
      after: values(row['after']),
    }));
  }

  /** The import that an event is of, or whose undo it is of; undefined for any other change. */
  importOf(event: bigint): { readonly run: Id; readonly file: string; readonly isUndo: boolean } | undefined {
    const row = heldStatement(
      this.#connection,
      `select b.import_id, b.number, r.file from import_batch b
       join import_run r on r.client_id = b.client_id and r.id = b.import_id
       where b.client_id = ? and b.first_event <= ? and b.last_event >= ? limit 1`,
    ).get(this.#client, event, event) as Row | undefined;
    if (row === undefined) return undefined;
    return {
      run: decodeId(row['import_id']),
      file: row['file'] as string,
      isUndo: Number(row['number']) < 0,
    };
  }

  /** Which records with ids from `first` to `last` live records of any kind, or usable tokens, refer to. */
  referred(type: ObjectType, [first, last]: Range): ReadonlySet<bigint> {
    const found = new Set<bigint>();
    for (const sql of referring(type))
      for (const id of heldStatement(this.#connection, sql, (one) => one.pluck()).all(
        this.#client,
        first,
        last,
      ) as bigint[])
        found.add(id);
    return found;
  }
}

/** What deletes records softly, as `deleteRecord` does it, but for what guards them. */
export function softDelete(
  connection: Connection,
  clientId: Id,
  definition: RecordDefinition,
  ids: readonly bigint[],
  { at, by }: { readonly at: Instant; readonly by: string },
): void {
  const client = encodeId(clientId);
  const mark = heldStatement(
    connection,
    `update "${definition.table}" set deleted_at = ?, deleted_by = ?, updated_date = max(?, updated_date + 1)
     where client_id = ? and id = ?`,
  );
  const free = heldStatement(
    connection,
    `update internal_key set live = 0 where client_id = ? and object_type = ? and object_id = ?`,
  );
  const anyKey = heldStatement(
    connection,
    'select 1 from internal_key where client_id = ? and object_type = ? limit 1',
  );
  const mayHaveKeys = anyKey.get(client, definition.objectType) !== undefined;
  for (const id of ids) {
    mark.run(at, by, at, client, id);
    if (mayHaveKeys) free.run(client, definition.objectType, id);
  }
}

const queries = new Map<ObjectType, readonly string[]>();

/** The queries for everything live that refers to records of a kind, from one id to another. */
function referring(type: ObjectType): readonly string[] {
  const known = queries.get(type);
  if (known !== undefined) return known;
  const made = objectTypes.flatMap((from) => referringFrom(definitionOf(from), type));
  if (type === 'Driver' || type === 'Customer')
    made.push(
      `select ${type === 'Driver' ? 'driver_id' : 'customer_id'} from api_token
       where client_id = ? and ${type === 'Driver' ? 'driver_id' : 'customer_id'} between ? and ? and revoked_at is null`,
    );
  queries.set(type, made);
  return made;
}

function referringFrom({ table, fields }: RecordDefinition, type: ObjectType): string[] {
  const ofLive = `exists (select 1 from "${table}" o where o.client_id = t.client_id and o.id = t.owner_id and o.deleted_at is null)`;
  const fromTable = (name: string, column: string): string =>
    `select distinct t."${column}" from "${name}" t where t.client_id = ? and t."${column}" between ? and ? and ${ofLive}`;
  const fromItems = (items: string, inner: Fields): string[] =>
    Object.entries(inner).flatMap(([name, field]) => {
      if (field.kind === 'reference' && field.target === type)
        return [fromTable(items, columnName(name, field))];
      if (field.kind === 'references' && field.target === type)
        return [fromTable(collectionTable(items, name), 'target_id')];
      return [];
    });
  return Object.entries(fields).flatMap(([name, field]) => {
    if (field.kind === 'reference' && field.target === type)
      return [
        `select distinct t."${columnName(name, field)}" from "${table}" t
         where t.client_id = ? and t."${columnName(name, field)}" between ? and ?
           and t."${columnName(name, field)}" is not null and t.deleted_at is null`,
      ];
    const own = collectionTable(table, name);
    if (field.kind === 'references' && field.target === type && field.inverse === undefined)
      return [fromTable(own, 'target_id')];
    return field.kind === 'items' ? fromItems(own, field.fields) : [];
  });
}
