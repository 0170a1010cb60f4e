import type { RecordDefinition } from '../records/definition.ts';
import type { Field, Fields, ScalarField } from '../records/field.ts';
import type { Id } from '../values/id.ts';
import type { Instant } from '../values/instant.ts';
import { fold } from '../values/text.ts';
import type { Alteration, BulkColumn, BulkConnection, Insertion } from './bulk-connection.ts';
import { encodeId, encodeValue, type Stored } from './codec.ts';
import {
  collectionTable,
  columnName,
  columnType,
  foldedColumn,
  handleColumn,
  joinedHandles,
} from './columns.ts';
import type { StoredRecord } from './record-store.ts';

type Encode = (values: Stored) => unknown;
type Column = BulkColumn & { readonly encode: Encode };

/** Writes many records of one kind for one client, as `insertRecord` and `updateRecord` write one. */
export class RecordWriter {
  readonly #columns: readonly Column[];
  readonly #new: Insertion;
  readonly #old: Alteration;
  readonly #collections: readonly CollectionWriter[];
  readonly #connection: BulkConnection;

  constructor(connection: BulkConnection, clientId: Id, definition: RecordDefinition, now: Instant) {
    const { table } = definition;
    const client = encodeId(clientId);
    this.#connection = connection;
    this.#columns = columnsOf(definition);
    this.#new = {
      table,
      columns: [
        { name: 'client_id', type: 'id', fixed: client },
        { name: 'id', type: 'id', counts: true },
        { name: 'created_date', type: 'integer', fixed: now },
        { name: 'updated_date', type: 'integer', fixed: now },
        ...this.#columns.map(({ name, type }) => ({ name, type })),
      ],
    };
    this.#old = {
      table,
      client,
      columns: [
        { name: 'created_date', type: 'integer' },
        { name: 'updated_date', type: 'integer' },
        { name: 'deleted_at', type: 'integer' },
        { name: 'deleted_by', type: 'text' },
        ...this.#columns,
      ],
    };
    this.#collections = Object.entries(definition.fields).flatMap(([name, field]) =>
      isOwnCollection(field) ? [new CollectionWriter(connection, client, table, name, field)] : [],
    );
  }

  /** New records with the ids from `first` on, in order. */
  async insert(first: bigint, records: readonly Stored[]): Promise<void> {
    const values: unknown[] = [];
    for (const record of records) for (const { encode } of this.#columns) values.push(encode(record));
    await this.#connection.insert(this.#new, values, records.length, first);
    for (const collection of this.#collections) {
      for (const [index, record] of records.entries()) collection.add(first + BigInt(index), record);
      await collection.flush();
    }
  }

  /** Records over the stored ones; of each the collections in `changed` are written again. */
  async update(records: readonly Changed[]): Promise<void> {
    if (records.length === 0) return;
    await this.#connection.update(
      this.#old,
      records.map(({ record }) => ({
        id: encodeId(record.id),
        values: [
          record.createdDate,
          record.updatedDate,
          record.deletedAt,
          record.deletedBy,
          ...this.#columns.map(({ encode }) => encode(record.values)),
        ],
      })),
    );
    for (const collection of this.#collections) {
      const owners = records.filter(({ changed }) => changed.includes(collection.name));
      await collection.clear(owners.map(({ record }) => encodeId(record.id)));
      for (const { record } of owners) collection.add(encodeId(record.id), record.values);
      await collection.flush();
    }
  }
}

interface Changed {
  readonly record: StoredRecord;
  readonly changed: readonly string[];
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
      (handle): Column => ({
        name: handleColumn(definition, handle),
        type: 'text',
        encode: (values) => {
          let joined = '';
          for (const name of handle.fields) {
            const part = values[name];
            if (typeof part === 'string' && part !== '') joined = joined === '' ? part : `${joined} ${part}`;
          }
          return joined === '' ? null : fold(joined);
        },
      }),
    ),
  ];
}

function fieldColumns(fields: Fields): readonly Column[] {
  return Object.entries(fields).flatMap(([name, field]): readonly Column[] => {
    if (!isScalar(field)) return [];
    const column: Column = {
      name: columnName(name, field),
      type: columnType(field),
      encode: encoderOf(name, field),
    };
    if (field.kind !== 'text' || !field.fold) return [column];
    const folded: Encode = (values) => {
      const value = values[name];
      return value === null || value === undefined ? null : fold(value as string);
    };
    return [column, { name: foldedColumn(name), type: 'text', encode: folded }];
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
  readonly #connection: BulkConnection;
  readonly #client: bigint;
  readonly #table: string;
  readonly #add: (owner: bigint, list: readonly unknown[]) => void;
  readonly #flushes: (() => Promise<void>)[] = [];

  constructor(connection: BulkConnection, client: bigint, owner: string, name: string, field: Field) {
    this.name = name;
    this.#connection = connection;
    this.#client = client;
    this.#table = collectionTable(owner, name);
    if (field.kind === 'tags') {
      const rows = this.#rows(this.#table, [ownerId, text('tag_folded'), text('tag'), integer('position')]);
      this.#add = (id, list) => {
        for (let at = 0; at < list.length; at += 1) rows(id, fold(list[at] as string), list[at], at);
      };
    } else if (field.kind === 'references') {
      const rows = this.#rows(this.#table, [ownerId, targetId, integer('ordinal')]);
      this.#add = (id, list) => {
        for (let at = 0; at < list.length; at += 1) rows(id, encodeId(list[at] as Id), at);
      };
    } else if (field.kind === 'items') {
      const columns = fieldColumns(field.fields);
      const rows = this.#rows(this.#table, [ownerId, integer('position'), ...columns]);
      const inner = Object.entries(field.fields)
        .filter(([, one]) => one.kind === 'references')
        .map(([key]) => {
          const links = collectionTable(this.#table, key);
          return [
            key,
            this.#rows(links, [ownerId, integer('position'), targetId, integer('ordinal')]),
          ] as const;
        });
      this.#add = (id, list) => {
        for (const [position, item] of (list as readonly Stored[]).entries()) {
          rows(id, position, ...columns.map(({ encode }) => encode(item)));
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

  async clear(owners: readonly bigint[]): Promise<void> {
    const sql = `delete from "${this.#table}" where client_id = ?`;
    await this.#connection.runFor('owner_id', owners, sql, [this.#client]);
  }

  /** Writes what was added. */
  async flush(): Promise<void> {
    for (const flush of this.#flushes) await flush();
  }

  /** Takes rows of a table, to be written together. */
  #rows(table: string, columns: readonly BulkColumn[]) {
    const into: Insertion = {
      table,
      columns: [
        { name: 'client_id', type: 'id', fixed: this.#client },
        ...columns.map(({ name, type }) => ({ name, type })),
      ],
    };
    let values: unknown[] = [];
    let count = 0;
    this.#flushes.push(async () => {
      if (count === 0) return;
      const [given, rows] = [values, count];
      values = [];
      count = 0;
      await this.#connection.insert(into, given, rows);
    });
    return (...row: unknown[]): void => {
      for (const value of row) values.push(value);
      count += 1;
    };
  }
}

const ownerId: BulkColumn = { name: 'owner_id', type: 'id' };
const targetId: BulkColumn = { name: 'target_id', type: 'id' };
const text = (name: string): BulkColumn => ({ name, type: 'text' });
const integer = (name: string): BulkColumn => ({ name, type: 'integer' });
