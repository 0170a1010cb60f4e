import type { RecordDefinition } from '../records/definition.ts';
import type { Field, Fields, ScalarField } from '../records/field.ts';
import type { Id } from '../values/id.ts';
import type { Instant } from '../values/instant.ts';
import { fold } from '../values/text.ts';
import { type Connection, Inserter } from './bulk-insert.ts';
import { encodeId, encodeValue, type Stored } from './codec.ts';
import { collectionTable, columnName, foldedColumn, handleColumn, joinedHandles } from './columns.ts';
import type { StoredRecord } from './record-store.ts';

type Encode = (values: Stored) => unknown;
type Column = readonly [name: string, encode: Encode];

/** Writes many records of one kind for one client, as `insertRecord` and `updateRecord` write one. */
export class RecordWriter {
  readonly #columns: readonly Column[];
  readonly #records: Inserter;
  readonly #collections: readonly CollectionWriter[];
  readonly #connection: Connection;
  readonly #client: bigint;
  readonly #table: string;

  constructor(connection: Connection, clientId: Id, definition: RecordDefinition, now: Instant) {
    this.#connection = connection;
    this.#client = encodeId(clientId);
    this.#table = definition.table;
    this.#columns = columnsOf(definition);
    this.#records = new Inserter(connection, definition.table, [
      { name: 'client_id', fixed: this.#client },
      { name: 'id', counts: true },
      { name: 'created_date', fixed: now },
      { name: 'updated_date', fixed: now },
      ...this.#columns.map(([name]) => ({ name })),
    ]);
    this.#collections = Object.entries(definition.fields).flatMap(([name, field]) =>
      isOwnCollection(field)
        ? [new CollectionWriter(connection, this.#client, definition.table, name, field)]
        : [],
    );
  }

  /** New records with the ids from `first` on, in order. */
  insert(first: bigint, records: readonly Stored[]): void {
    const values: unknown[] = [];
    for (const record of records) for (const [, encode] of this.#columns) values.push(encode(record));
    this.#records.insert(values, records.length, first);
    for (const collection of this.#collections) {
      for (const [index, record] of records.entries()) collection.add(first + BigInt(index), record);
      collection.flush();
    }
  }

  /** Records over the stored ones; of each the collections in `changed` are written again. */
  update(records: readonly { readonly record: StoredRecord; readonly changed: readonly string[] }[]): void {
    if (records.length === 0) return;
    const set = this.#columns.map(([name]) => `"${name}" = ?`);
    const statement = this.#connection.prepare(
      `update "${this.#table}" set updated_date = ?, deleted_at = ?, deleted_by = ?, ${set.join(', ')}
       where client_id = ? and id = ?`,
    );
    for (const { record } of records)
      statement.run(
        record.updatedDate,
        record.deletedAt,
        record.deletedBy,
        ...this.#columns.map(([, encode]) => encode(record.values)),
        this.#client,
        encodeId(record.id),
      );
    for (const collection of this.#collections) {
      const owners = records.filter(({ changed }) => changed.includes(collection.name));
      for (const { record } of owners) collection.clear(encodeId(record.id));
      for (const { record } of owners) collection.add(encodeId(record.id), record.values);
      collection.flush();
    }
  }
}

const isOwnCollection = (field: Field): boolean =>
  field.kind === 'tags' ||
  field.kind === 'items' ||
  (field.kind === 'references' && field.inverse === undefined);

const isScalar = (field: Field): field is ScalarField =>
  field.kind !== 'references' && field.kind !== 'tags' && field.kind !== 'items';

/** The columns of scalar fields with what fills them, folded copies included; as `encodeRecord`. */
function columnsOf(definition: RecordDefinition): readonly Column[] {
  return [
    ...fieldColumns(definition.fields),
    ...joinedHandles(definition).map(
      (handle): Column => [
        handleColumn(definition, handle),
        (values) => {
          let joined = '';
          for (const name of handle.fields) {
            const part = values[name];
            if (typeof part === 'string' && part !== '') joined = joined === '' ? part : `${joined} ${part}`;
          }
          return joined === '' ? null : fold(joined);
        },
      ],
    ),
  ];
}

function fieldColumns(fields: Fields): readonly Column[] {
  return Object.entries(fields).flatMap(([name, field]): readonly Column[] => {
    if (!isScalar(field)) return [];
    const column: Column = [columnName(name, field), encoderOf(name, field)];
    if (field.kind !== 'text' || !field.fold) return [column];
    const folded: Encode = (values) => {
      const value = values[name];
      return value === null || value === undefined ? null : fold(value as string);
    };
    return [column, [foldedColumn(name), folded]];
  });
}

function encoderOf(name: string, field: ScalarField): Encode {
  switch (field.kind) {
    case 'text':
    case 'choice':
    case 'secret':
    case 'integer':
    case 'day':
    case 'instant':
      return (values) => values[name] ?? null;
    case 'boolean':
    case 'id':
    case 'reference':
    case 'weekdays':
    case 'settings':
      return (values) => encodeValue(field, values[name]);
  }
}

/** Writes the entries of one collection of many records, those of its items' own collections too. */
class CollectionWriter {
  readonly name: string;
  readonly #add: (owner: bigint, list: readonly unknown[]) => void;
  readonly #clear: (owner: bigint) => void;
  readonly #flushes: (() => void)[] = [];

  constructor(connection: Connection, client: bigint, owner: string, name: string, field: Field) {
    this.name = name;
    const table = collectionTable(owner, name);
    const all = connection.prepare(`delete from "${table}" where client_id = ? and owner_id = ?`);
    this.#clear = (id) => all.run(client, id);
    if (field.kind === 'tags') {
      const rows = this.#rows(connection, client, table, ['owner_id', 'tag_folded', 'tag', 'position']);
      this.#add = (id, list) => {
        for (let at = 0; at < list.length; at += 1) rows(id, fold(list[at] as string), list[at], at);
      };
    } else if (field.kind === 'references') {
      const rows = this.#rows(connection, client, table, ['owner_id', 'target_id', 'ordinal']);
      this.#add = (id, list) => {
        for (let at = 0; at < list.length; at += 1) rows(id, encodeId(list[at] as Id), at);
      };
    } else if (field.kind === 'items') {
      const columns = fieldColumns(field.fields);
      const rows = this.#rows(connection, client, table, [
        'owner_id',
        'position',
        ...columns.map(([column]) => column),
      ]);
      const inner = Object.entries(field.fields)
        .filter(([, one]) => one.kind === 'references')
        .map(([key]) => {
          const links = collectionTable(table, key);
          return [
            key,
            this.#rows(connection, client, links, ['owner_id', 'position', 'target_id', 'ordinal']),
          ] as const;
        });
      this.#add = (id, list) => {
        for (const [position, item] of (list as readonly Stored[]).entries()) {
          rows(id, position, ...columns.map(([, encode]) => encode(item)));
          for (const [key, links] of inner)
            for (const [ordinal, target] of ((item[key] ?? []) as readonly Id[]).entries())
              links(id, position, encodeId(target), ordinal);
        }
      };
    } else throw new Error(`${name} is no collection`);
  }

  add(owner: bigint, values: Stored): void {
    const list = values[this.name] as readonly unknown[] | undefined;
    if (list !== undefined && list.length > 0) this.#add(owner, list);
  }

  clear(owner: bigint): void {
    this.#clear(owner);
  }

  /** Writes what was added. */
  flush(): void {
    for (const flush of this.#flushes) flush();
  }

  /** Takes rows of a table, to be written together. */
  #rows(connection: Connection, client: bigint, table: string, columns: readonly string[]) {
    const inserter = new Inserter(connection, table, [
      { name: 'client_id', fixed: client },
      ...columns.map((name) => ({ name })),
    ]);
    let values: unknown[] = [];
    let count = 0;
    this.#flushes.push(() => {
      if (count === 0) return;
      inserter.insert(values, count);
      values = [];
      count = 0;
    });
    return (...row: unknown[]): void => {
      for (const value of row) values.push(value);
      count += 1;
    };
  }
}
