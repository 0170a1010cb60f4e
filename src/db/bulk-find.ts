import type { NaturalHandle, RecordDefinition, Uniqueness } from '../records/definition.ts';
import type { Field, ObjectType } from '../records/field.ts';
import { snake } from '../records/names.ts';
import type { Id } from '../values/id.ts';
import { fold } from '../values/text.ts';
import { type Connection, heldStatement } from './bulk-insert.ts';
import { decodeId, encodeId, encodeValue } from './codec.ts';
import { handleColumn } from './columns.ts';
import { uniqueColumn } from './tables.ts';

/** How many look-ups one statement makes. */
const SIZE = 128;

/** A value as the column holds it by which a field counts for uniqueness and is matched. */
export function keyValue(field: Field, value: unknown): unknown {
  if (value === null || value === undefined) return null;
  if (field.kind === 'text') return field.fold ? fold(value as string) : value;
  if (field.kind === 'references' || field.kind === 'tags' || field.kind === 'items')
    throw new Error('a collection is no key');
  return encodeValue(field, value);
}

/** The condition under which a record counts for a rule; deleted ones only where the rule says so. */
const conditions = (rule: Pick<Uniqueness, 'unless' | 'only' | 'evenDeleted'>): string =>
  [
    ...(rule.evenDeleted === true ? [] : ['r.deleted_at is null']),
    ...(rule.unless === undefined ? [] : [`r.${snake(rule.unless)} = 0`]),
    ...(rule.only === undefined ? [] : [`r.${snake(rule.only)} = 1`]),
  ].join(' and ') || 'true';

/** Finds records of a kind by the values of some fields, for many sets of values at once. */
export class BulkFinder {
  readonly #connection: Connection;
  readonly #client: bigint;
  readonly #columns: readonly string[];
  readonly #from: string;
  readonly #where: string;

  constructor(
    connection: Connection,
    clientId: Id,
    definition: RecordDefinition,
    rule: Pick<Uniqueness, 'fields' | 'unless' | 'only' | 'evenDeleted'>,
  ) {
    this.#connection = connection;
    this.#client = encodeId(clientId);
    this.#columns = rule.fields.map((name) => uniqueColumn(definition, name));
    this.#from = definition.table;
    this.#where = conditions(rule);
  }

  /** For each set of values (of `keyValue`) the records that have them, lowest id first. */
  find(sets: readonly (readonly unknown[])[]): readonly (readonly bigint[])[] {
    const found: bigint[][] = Array.from(sets, () => []);
    const [only, another] = this.#columns;
    if (only === undefined) return found;
    if (another === undefined) this.#findSingle(only, sets, found);
    else {
      const same = this.#columns.map((column) => `r."${column}" = ?`).join(' and ');
      const statement = this.#connection
        .prepare(`select r.id from "${this.#from}" r where r.client_id = ? and ${same} and ${this.#where}`)
        .pluck();
      for (const [index, set] of sets.entries())
        found[index] = statement.all(this.#client, ...set) as bigint[];
    }
    return found;
  }

  #findSingle(column: string, sets: readonly (readonly unknown[])[], found: bigint[][]): void {
    // The values come first, so that each is looked up in the index of the column; of a list the engine thinks that
    // reading the client's whole table takes less.
    const statement = heldStatement(
      this.#connection,
      `with v (i, x) as (values ${Array.from({ length: SIZE }, (_, index) => `(${index}, ?)`).join()})
       select v.i, r.id from v cross join "${this.#from}" r
       where r.client_id = ? and r."${column}" = v.x and ${this.#where}`,
      (one) => one.raw(),
    );
    for (let from = 0; from < sets.length; from += SIZE) {
      const part: unknown[] = [];
      for (let at = from; at < from + SIZE; at += 1) part.push(sets[at]?.[0] ?? null);
      part.push(this.#client);
      for (const [index, id] of statement.all(part) as [bigint, bigint][])
        found[from + Number(index)]?.push(id);
    }
  }
}

/** Finds live records, at most two, by a handle's text in its look-up form. */
export function handleFinder(
  connection: Connection,
  clientId: Id,
  definition: RecordDefinition,
  handle: NaturalHandle,
): (value: string) => readonly bigint[] {
  const statement = connection
    .prepare(
      `select id from "${definition.table}" where client_id = ? and "${handleColumn(definition, handle)}" = ?
       and deleted_at is null limit 2`,
    )
    .pluck();
  const client = encodeId(clientId);
  return (value) => statement.all(client, value) as bigint[];
}

/** The keys of those of `ids` that have one. */
export function keysOf(
  connection: Connection,
  clientId: Id,
  type: ObjectType,
  ids: readonly Id[],
): ReadonlyMap<Id, string> {
  const statement = connection
    .prepare('select key from internal_key where client_id = ? and object_type = ? and object_id = ?')
    .pluck();
  const client = encodeId(clientId);
  const keys = new Map<Id, string>();
  for (const id of ids) {
    const key = statement.get(client, type, encodeId(id)) as string | undefined;
    if (key !== undefined) keys.set(id, key);
  }
  return keys;
}

/** The live records of a kind that hold these internal keys. */
export function keyHolders(
  connection: Connection,
  clientId: Id,
  type: ObjectType,
  keys: readonly string[],
): ReadonlyMap<string, Id> {
  const statement = connection
    .prepare(
      'select object_id from internal_key where client_id = ? and object_type = ? and key = ? and live = 1',
    )
    .pluck();
  const client = encodeId(clientId);
  const holders = new Map<string, Id>();
  for (const key of keys) {
    const id = statement.get(client, type, key);
    if (id !== undefined) holders.set(key, decodeId(id));
  }
  return holders;
}

/** Gives records internal keys, or takes them away (null), as `putKey` gives one. */
export function putKeys(
  connection: Connection,
  clientId: Id,
  type: ObjectType,
  keys: readonly { readonly id: Id; readonly key: string | null; readonly requestHash: string }[],
): void {
  if (keys.length === 0) return;
  const client = encodeId(clientId);
  const clear = connection.prepare(
    'delete from internal_key where client_id = ? and object_type = ? and object_id = ?',
  );
  const put = connection.prepare(
    `insert into internal_key (client_id, object_type, key, object_id, request_hash, live) values (?, ?, ?, ?, ?, 1)`,
  );
  for (const { id, key, requestHash } of keys) {
    clear.run(client, type, encodeId(id));
    if (key !== null) put.run(client, type, key, encodeId(id), requestHash);
  }
}

/** Whether the client has a live record of the kind under each id. */
export function liveIds(
  connection: Connection,
  clientId: Id,
  definition: RecordDefinition,
  ids: readonly Id[],
): ReadonlySet<Id> {
  const statement = connection
    .prepare(`select 1 from "${definition.table}" where client_id = ? and id = ? and deleted_at is null`)
    .pluck();
  const client = encodeId(clientId);
  return new Set(ids.filter((id) => statement.get(client, encodeId(id)) !== undefined));
}
