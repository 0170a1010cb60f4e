import type { NaturalHandle, RecordDefinition, Values } from '../records/definition.ts';
import { displayName } from '../records/display.ts';
import type { Fields, ObjectType } from '../records/field.ts';
import type { EntriesQuery, HandleQuery, NamedRecord } from '../records/handle-query.ts';
import { singular, snake } from '../records/names.ts';
import { definitionOf } from '../records/registry.ts';
import { type Id, parseId } from '../values/id.ts';
import { fold } from '../values/text.ts';
import { decodeFields, decodeId, encodeId } from './codec.ts';
import { collectionTable, columnName, handleColumn } from './columns.ts';
import type { Row } from './database.ts';

/** How many records are offered at most. */
const MOST = 50;
const LAST = '\u{10ffff}';

/** The rows of a statement, `?` for each parameter. */
export type Ask = (sql: string, values: readonly unknown[]) => Promise<readonly Row[]>;

/**
 * Looks up handles by their beginning, on the indexes of the handles, without the query builder: a person waits with a
 * finger on the Tab key. Reads only.
 */
export class Handles {
  readonly #ask: Ask;
  readonly #client: bigint;

  constructor(ask: Ask, client: bigint) {
    this.#ask = ask;
    this.#client = client;
  }

  async handles({ type, beginning, deleted = false }: HandleQuery): Promise<readonly NamedRecord[]> {
    const definition = definitionOf(type);
    if (type === 'Client') return this.#clients(beginning);
    const state = deleted ? 'is not null' : 'is null';
    const found = new Map<string, NamedRecord>();
    const add = (named: NamedRecord): void => {
      if (found.size < MOST && !found.has(named.value)) found.set(named.value, named);
    };
    for (const handle of definition.handles)
      for (const named of await this.#byHandle(definition, handle, beginning, state)) add(named);
    if (definition.handles.length === 0)
      for (const named of await this.#newest(definition, beginning, state)) add(named);
    return [...found.values()];
  }

  /** The entries of a collection, in order, each as a person writes it; none where no one record is named. */
  async entries({ type, field, ref }: EntriesQuery): Promise<readonly string[]> {
    const definition = definitionOf(type);
    const id = parseId(ref);
    const handles = definition.handles.filter((handle) => handle.within === undefined);
    const where =
      id === undefined ? handles.map((handle) => `"${handleColumn(definition, handle)}" = ?`) : ['id = ?'];
    const values = id === undefined ? handles.map(() => fold(ref)) : [encodeId(id)];
    const owners = await this.#rows(
      `select id from "${definition.table}" where client_id = ? and deleted_at is null and (${where.join(' or ')}) limit 2`,
      this.#client,
      ...values,
    );
    const [owner, another] = owners;
    if (owner === undefined || another !== undefined) return [];
    const column = snake(singular(field));
    const rows = await this.#rows(
      `select "${column}" as entry from "${collectionTable(definition.table, field)}"
       where client_id = ? and owner_id = ? order by position limit ${MOST}`,
      this.#client,
      owner['id'],
    );
    return [...new Set(rows.map(({ entry }) => String(entry)))];
  }

  async #clients(beginning: string): Promise<readonly NamedRecord[]> {
    const rows = await this.#rows('select id, name from client where deleted_at is null order by name');
    return rows
      .map((row) => ({ value: String(row['name']), description: decodeId(row['id']) }))
      .filter(({ value }) => fold(value).startsWith(fold(beginning)))
      .slice(0, MOST);
  }

  async #byHandle(
    definition: RecordDefinition,
    handle: NaturalHandle,
    beginning: string,
    state: string,
  ): Promise<readonly NamedRecord[]> {
    if (handle.within !== undefined) return this.#within(definition, handle, beginning, state);
    const { from, until } = range(beginning);
    const column = handleColumn(definition, handle);
    const rows = await this.#rows(
      `select * from "${definition.table}" where client_id = ? and deleted_at ${state}
       and "${column}" >= ? and "${column}" < ? order by "${column}" limit ${MOST}`,
      this.#client,
      from,
      until,
    );
    const named = rows.map(async (row) => ({
      value: ownHandle(definition, handle, row),
      description: await this.#called(definition, row),
    }));
    return Promise.all(named);
  }

  /** `ACME/Sa`: those of one parent; `AC`: those of every parent that begins so. */
  async #within(
    definition: RecordDefinition,
    handle: NaturalHandle,
    beginning: string,
    state: string,
  ): Promise<readonly NamedRecord[]> {
    const field = definition.fields[handle.within ?? ''];
    if (field?.kind !== 'reference') return [];
    const parent = definitionOf(field.target);
    const [byRef] = parent.handles;
    if (byRef === undefined) return [];
    const cut = beginning.indexOf('/');
    const own = cut < 0 ? '' : beginning.slice(cut + 1);
    const parentIs = range(cut < 0 ? beginning : beginning.slice(0, cut), cut >= 0);
    const ownIs = range(own);
    const [parentColumn, column] = [handleColumn(parent, byRef), handleColumn(definition, handle)];
    const rows = await this.#rows(
      `select d.*, p."${columnName(byRef.fields[0] ?? '', parent.fields[byRef.fields[0] ?? ''] as never)}" as parent_handle
       from "${parent.table}" p join "${definition.table}" d
       on d.client_id = p.client_id and d."${columnName(handle.within ?? '', field)}" = p.id
       where p.client_id = ? and p.deleted_at is null and p."${parentColumn}" >= ? and p."${parentColumn}" < ?
       and d.deleted_at ${state} and d."${column}" >= ? and d."${column}" < ?
       order by p."${parentColumn}", d."${column}" limit ${MOST}`,
      this.#client,
      parentIs.from,
      parentIs.until,
      ownIs.from,
      ownIs.until,
    );
    return rows.map((row) => ({
      value: `${String(row['parent_handle'])}/${ownHandle(definition, handle, row)}`,
      description: '',
    }));
  }

  async #newest(
    definition: RecordDefinition,
    beginning: string,
    state: string,
  ): Promise<readonly NamedRecord[]> {
    const rows = await this.#rows(
      `select * from "${definition.table}" where client_id = ? and deleted_at ${state} order by id desc limit ${MOST}`,
      this.#client,
    );
    const named = rows
      .map((row) => ({ row, value: decodeId(row['id']) }))
      .filter(({ value }) => value.toLowerCase().startsWith(beginning.toLowerCase()))
      .map(async ({ row, value }) => ({ value, description: await this.#called(definition, row) }));
    return Promise.all(named);
  }

  async #called(definition: RecordDefinition, row: Row): Promise<string> {
    return displayName(definition.objectType, await this.#label(definition, row));
  }

  /** What stands beside the id in a reference, with the labels of what it refers to itself. */
  async #label(definition: RecordDefinition, row: Row): Promise<Values> {
    const fields = Object.fromEntries(
      definition.label.map((name) => [name, definition.fields[name]]),
    ) as Fields;
    const values = decodeFields(fields, row);
    const inner: Record<string, Values> = {};
    for (const [name, field] of Object.entries(fields))
      if (field.kind === 'reference' && values[name] !== null)
        inner[name] = await this.#reference(field.target, values[name] as Id);
    return { id: decodeId(row['id']), ...values, ...inner };
  }

  async #reference(type: ObjectType, id: Id): Promise<Values> {
    const definition = definitionOf(type);
    const [row] = await this.#rows(
      `select * from "${definition.table}" where client_id = ? and id = ?`,
      this.#client,
      encodeId(id),
    );
    return row === undefined ? { id } : this.#label(definition, row);
  }

  #rows(sql: string, ...values: readonly unknown[]): Promise<readonly Row[]> {
    return this.#ask(sql, values);
  }
}

/** The client of an id or a name; without one, the only one. Throws where no one client is meant. */
export async function meantClient(ask: Ask, ref: string | undefined): Promise<bigint> {
  const rows = await ask('select id, name from client where deleted_at is null', []);
  const id = ref === undefined ? undefined : parseId(ref);
  const meant = rows.filter(
    (row) =>
      ref === undefined ||
      (id === undefined ? fold(String(row['name'])) === fold(ref) : decodeId(row['id']) === id),
  );
  const [only, another] = meant;
  if (only === undefined || another !== undefined) throw new Error('no one client is meant');
  return only['id'] as bigint;
}

/** Of the folded texts that begin so; or `whole`, of those that are so. */
function range(beginning: string, whole = false): { readonly from: string; readonly until: string } {
  // A blank at an end, which folding takes away, is typed inside quotes, and counts.
  const before = /^\s/.test(beginning) ? ' ' : '';
  const after = !whole && /\S\s+$/.test(beginning) ? ' ' : '';
  const from = before + fold(beginning) + after;
  return { from, until: whole ? `${from}\u0000` : `${from}${LAST}` };
}

function ownHandle(definition: RecordDefinition, handle: NaturalHandle, row: Row): string {
  return handle.fields
    .map((name) => row[columnName(name, definition.fields[name] as never)])
    .filter((part) => part !== null)
    .join(' ');
}
