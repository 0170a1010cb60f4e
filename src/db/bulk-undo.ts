import type { RecordDefinition } from '../records/definition.ts';
import type { Fields, ObjectType } from '../records/field.ts';
import { definitionOf, objectTypes } from '../records/registry.ts';
import type { Id } from '../values/id.ts';
import type { Instant } from '../values/instant.ts';
import type { AuditEntry } from './audit.ts';
import { type BulkConnection, lookUp } from './bulk-connection.ts';
import { decodeId, encodeId } from './codec.ts';
import { collectionTable, columnName } from './columns.ts';

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

/** Reads what an undo goes by. */
export class UndoReader {
  readonly #connection: BulkConnection;
  readonly #client: bigint;

  constructor(connection: BulkConnection, clientId: Id) {
    this.#connection = connection;
    this.#client = encodeId(clientId);
  }

  /** The audit events of each batch of a run, newest first; and those of former undos of it. */
  async ranges(run: Id): Promise<{ readonly imported: readonly Range[]; readonly undone: readonly Range[] }> {
    const rows = (await this.#connection.rows(
      `select number, first_event, last_event from import_batch
       where client_id = ? and import_id = ? and first_event is not null order by first_event desc`,
      [this.#client, encodeId(run)],
    )) as readonly (readonly [number: bigint, first: bigint, last: bigint])[];
    const of = (isUndo: boolean) =>
      rows.filter(([number]) => number < 0n === isUndo).map(([, first, last]): Range => [first, last]);
    return { imported: of(false), undone: of(true) };
  }

  /** At most `limit` events of a range that are older than one, newest first. */
  async events(
    [first, last]: Range,
    olderThan: bigint | undefined,
    limit: number,
  ): Promise<readonly ImportEvent[]> {
    const rows = await this.#connection.rows(
      `select id, object_id, object_type, object_name, action, before from audit_event
       where client_id = ? and id between ? and ? order by id desc limit ?`,
      [this.#client, first, olderThan === undefined ? last : olderThan - 1n, limit],
    );
    return rows.map(([id, object, objectType, objectName, action, before]) => ({
      id: id as bigint,
      object: object as bigint,
      objectType: objectType as ObjectType,
      objectName: objectName as string,
      action: action as ImportEvent['action'],
      before: before === null ? null : (JSON.parse(before as string) as ImportEvent['before']),
    }));
  }

  /** The events of each object from `since` on, oldest first. */
  async history(
    objects: readonly { readonly object: bigint; readonly since: bigint }[],
  ): Promise<readonly (readonly LaterEvent[])[]> {
    const found: LaterEvent[][] = Array.from(objects, () => []);
    const rows = await lookUp(
      this.#connection,
      {
        types: ['id', 'id'],
        select: 'e.id, e.at, e.actor, e.operation',
        from: 'audit_event e',
        where: 'e.client_id = ? and e.object_id = v.c0 and e.id >= v.c1',
      },
      objects.map(({ object, since }) => [object, since]),
      [this.#client],
    );
    for (const [place, id, at, actor, operation] of rows)
      found[place]?.push({
        id: id as bigint,
        at: Number(at) as Instant,
        actor: actor as string,
        operation: operation as string,
      });
    for (const events of found) if (events.length > 1) events.sort((a, b) => (a.id < b.id ? -1 : 1));
    return found;
  }

  /** What the events of an object from `since` on did to it, oldest first. */
  async changes(object: bigint, since: bigint): Promise<readonly RecordChange[]> {
    const rows = await this.#connection.rows(
      'select id, before, after from audit_event where client_id = ? and object_id = ? and id >= ? order by id',
      [this.#client, object, since],
    );
    const values = (text: unknown) => JSON.parse((text as string | null) ?? '{}') as RecordChange['before'];
    return rows.map(([id, before, after]) => ({
      id: id as bigint,
      before: values(before),
      after: values(after),
    }));
  }

  /** The import that an event is of, or whose undo it is of; undefined for any other change. */
  async importOf(
    event: bigint,
  ): Promise<{ readonly run: Id; readonly file: string; readonly isUndo: boolean } | undefined> {
    const [row] = await this.#connection.rows(
      `select b.import_id, b.number, r.file from import_batch b
       join import_run r on r.client_id = b.client_id and r.id = b.import_id
       where b.client_id = ? and b.first_event <= ? and b.last_event >= ? limit 1`,
      [this.#client, event, event],
    );
    if (row === undefined) return undefined;
    const [run, number, file] = row;
    return { run: decodeId(run), file: file as string, isUndo: Number(number) < 0 };
  }

  /** Which records with ids from `first` to `last` live records of any kind, or usable tokens, refer to. */
  async referred(type: ObjectType, [first, last]: Range): Promise<ReadonlySet<bigint>> {
    const found = new Set<bigint>();
    for (const sql of referring(type))
      for (const [id] of await this.#connection.rows(sql, [this.#client, first, last]))
        found.add(id as bigint);
    return found;
  }
}

/** What deletes records softly, as `deleteRecord` does it, but for what guards them. */
export async function softDelete(
  connection: BulkConnection,
  clientId: Id,
  definition: RecordDefinition,
  ids: readonly bigint[],
  { at, by }: { readonly at: Instant; readonly by: string },
): Promise<void> {
  const client = encodeId(clientId);
  await connection.runFor(
    'id',
    ids,
    `update "${definition.table}" set deleted_at = ?, deleted_by = ?,
       updated_date = case when updated_date >= ? then updated_date + 1 else ? end
     where client_id = ?`,
    [at, by, at, at, client],
  );
  const keys = await connection.rows(
    'select object_id from internal_key where client_id = ? and object_type = ? limit 1',
    [client, definition.objectType],
  );
  if (keys.length === 0) return;
  await connection.runFor(
    'object_id',
    ids,
    'update internal_key set live = 0 where client_id = ? and object_type = ?',
    [client, definition.objectType],
  );
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
