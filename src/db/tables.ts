import type { RecordDefinition, Uniqueness } from '../records/definition.ts';
import { type Field, type Fields, type ItemsField, isNullable, type ScalarField } from '../records/field.ts';
import { snake } from '../records/names.ts';
import { definitionOf } from '../records/registry.ts';
import {
  type ColumnType,
  collectionTable,
  columnName,
  columnType,
  foldedColumn,
  handleColumn,
  joinedHandles,
} from './columns.ts';

export interface Column {
  readonly name: string;
  readonly type: ColumnType;
  readonly notNull: boolean;
  /** The value that rows from before the column have; a literal. */
  readonly default?: string | number;
  /** Only these values. */
  readonly oneOf?: readonly (string | number)[];
  readonly since: number;
}
export interface ForeignKey {
  readonly columns: readonly string[];
  readonly table: string;
  readonly references: readonly string[];
  readonly cascade: boolean;
}
export interface Index {
  readonly name: string;
  readonly columns: readonly string[];
  readonly unique: boolean;
  /** Plain SQL that both dialects read. */
  readonly where?: string;
  readonly since: number;
}
/** A table in the words of no dialect. */
export interface Table {
  readonly name: string;
  readonly columns: readonly Column[];
  readonly primaryKey: readonly string[];
  readonly foreignKeys: readonly ForeignKey[];
  readonly indexes: readonly Index[];
  /** Rows live inside the primary key (SQLite: WITHOUT ROWID): for narrow tables that are read by it. */
  readonly clustered: boolean;
  readonly since: number;
}

const column = (name: string, type: ColumnType, notNull: boolean, since = 1): Column => ({
  name,
  type,
  notNull,
  since,
});
const id = (name: string): Column => column(name, 'id', true);
const owner = (table: string): ForeignKey => ({
  columns: ['client_id', 'owner_id'],
  table,
  references: ['client_id', 'id'],
  cascade: true,
});

/** All tables of a record kind: its own, and one for each collection. */
export function tablesOf(definition: RecordDefinition): readonly Table[] {
  const { table, fields } = definition;
  const collections = Object.entries(fields).flatMap(([name, field]) => collectionTables(table, name, field));
  return [recordTable(definition), ...collections];
}

function recordTable(definition: RecordDefinition): Table {
  const { table, fields } = definition;
  const scalars = scalarFields(fields);
  return {
    name: table,
    columns: [
      id('client_id'),
      id('id'),
      column('created_date', 'integer', true),
      column('updated_date', 'integer', true),
      column('deleted_at', 'integer', false),
      column('deleted_by', 'text', false),
      ...scalars.flatMap(([name, field]) => fieldColumns(name, field)),
      ...joinedHandles(definition).map((handle) => column(handleColumn(definition, handle), 'text', false)),
    ],
    primaryKey: ['client_id', 'id'],
    foreignKeys: [
      ...(definition.objectType === 'Client'
        ? []
        : [
            {
              columns: ['client_id', 'client_id'],
              table: 'client',
              references: ['client_id', 'id'],
              cascade: false,
            },
          ]),
      ...referenceKeys(scalars),
    ],
    indexes: [
      ...uniqueIndexes(definition),
      ...handleIndexes(definition),
      ...referenceIndexes(table, scalars),
      changes(table),
    ],
    clustered: false,
    since: 1,
  };
}

const scalarFields = (fields: Fields): readonly (readonly [string, ScalarField])[] =>
  Object.entries(fields).filter((entry): entry is [string, ScalarField] => {
    const kind = entry[1].kind;
    return kind !== 'references' && kind !== 'tags' && kind !== 'items';
  });

function fieldColumns(name: string, field: ScalarField): readonly Column[] {
  const since = field.since ?? 1;
  const base: Column = {
    name: columnName(name, field),
    type: columnType(field),
    notNull: field.kind !== 'secret' && !isNullable(field),
    since,
    ...(typeof field.default === 'string' || typeof field.default === 'number'
      ? { default: field.default }
      : {}),
    ...(typeof field.default === 'boolean' ? { default: Number(field.default) } : {}),
    ...(field.kind === 'settings' ? { default: '{}' } : {}),
    ...(field.kind === 'choice' ? { oneOf: field.values } : {}),
    ...(field.kind === 'boolean' ? { oneOf: [0, 1] } : {}),
  };
  if (field.kind !== 'text' || !field.fold) return [base];
  return [base, { name: foldedColumn(name), type: 'text', notNull: base.notNull, since }];
}

function referenceKeys(scalars: readonly (readonly [string, ScalarField])[]): readonly ForeignKey[] {
  return scalars.flatMap(([name, field]) =>
    field.kind === 'reference'
      ? [
          {
            columns: ['client_id', columnName(name, field)],
            table: definitionOf(field.target).table,
            references: ['client_id', 'id'],
            cascade: false,
          },
        ]
      : [],
  );
}

/** The column by which a field counts for uniqueness. */
export function uniqueColumn(definition: RecordDefinition, name: string): string {
  const field = definition.fields[name] as Field;
  return field.kind === 'text' && field.fold ? foldedColumn(name) : columnName(name, field);
}

function uniqueIndexes(definition: RecordDefinition): readonly Index[] {
  return definition.unique.map((rule, index) => ({
    name: `${definition.table}_unique_${index + 1}`,
    columns: ['client_id', ...rule.fields.map((name) => uniqueColumn(definition, name))],
    unique: true,
    ...whereOf(uniqueConditions(rule)),
    since: 1,
  }));
}

const whereOf = (conditions: readonly string[]): { where?: string } =>
  conditions.length === 0 ? {} : { where: conditions.join(' and ') };

function uniqueConditions(rule: Uniqueness): readonly string[] {
  return [
    ...(rule.evenDeleted ? [] : ['deleted_at is null']),
    ...(rule.unless === undefined ? [] : [`${snake(rule.unless)} = 0`]),
    ...(rule.only === undefined ? [] : [`${snake(rule.only)} = 1`]),
  ];
}

function handleIndexes(definition: RecordDefinition): readonly Index[] {
  const covered = new Set(definition.unique.filter((rule) => !rule.unless).map((rule) => rule.fields.join()));
  return definition.handles
    .filter((handle) => handle.within === undefined && !covered.has(handle.fields.join()))
    .map((handle) => {
      const name = handleColumn(definition, handle);
      return {
        name: `${definition.table}_by_${name}`,
        columns: ['client_id', name],
        unique: false,
        where: `deleted_at is null and ${name} is not null`,
        since: 1,
      };
    });
}

function referenceIndexes(
  table: string,
  scalars: readonly (readonly [string, ScalarField])[],
): readonly Index[] {
  return scalars
    .filter(([name, field]) => field.kind === 'reference' || isAskedFor(name, field))
    .map(([name, field]) => ({
      name: `${table}_by_${snake(name)}`,
      columns: ['client_id', columnName(name, field)],
      unique: false,
      where: `${columnName(name, field)} is not null`,
      since: field.since ?? 1,
    }));
}

/** A record's own day and its expiry are what lists and releases look for. */
const isAskedFor = (name: string, field: ScalarField): boolean =>
  (field.kind === 'day' && name === 'day') || (field.kind === 'instant' && field.day === 'through');

const changes = (table: string): Index => ({
  name: `${table}_by_updated_date`,
  columns: ['client_id', 'updated_date', 'id'],
  unique: false,
  since: 1,
});

function collectionTables(ownerTable: string, name: string, field: Field): readonly Table[] {
  const table = collectionTable(ownerTable, name);
  const since = field.since ?? 1;
  switch (field.kind) {
    case 'references':
      if (field.inverse !== undefined) return [];
      return [linkTable(table, [], owner(ownerTable), definitionOf(field.target).table, since)];
    case 'tags':
      return [
        {
          name: table,
          columns: [
            id('client_id'),
            id('owner_id'),
            column('tag_folded', 'text', true),
            column('position', 'integer', true),
            column('tag', 'text', true),
          ],
          primaryKey: ['client_id', 'owner_id', 'tag_folded'],
          foreignKeys: [owner(ownerTable)],
          indexes: [
            {
              name: `${table}_by_tag`,
              columns: ['client_id', 'tag_folded', 'owner_id'],
              unique: false,
              since,
            },
          ],
          clustered: true,
          since,
        },
      ];
    case 'items':
      return itemTables(table, ownerTable, field, since);
    default:
      return [];
  }
}

function linkTable(
  name: string,
  extraKey: readonly string[],
  ownerKey: ForeignKey,
  target: string,
  since: number,
): Table {
  return {
    name,
    columns: [
      id('client_id'),
      id('owner_id'),
      ...extraKey.map((key) => column(key, 'integer', true)),
      id('target_id'),
      column('ordinal', 'integer', true),
    ],
    primaryKey: ['client_id', 'owner_id', ...extraKey, 'target_id'],
    foreignKeys: [
      ownerKey,
      { columns: ['client_id', 'target_id'], table: target, references: ['client_id', 'id'], cascade: false },
    ],
    indexes: [
      { name: `${name}_by_target`, columns: ['client_id', 'target_id', 'owner_id'], unique: false, since },
    ],
    clustered: true,
    since,
  };
}

function itemTables(table: string, ownerTable: string, field: ItemsField, since: number): readonly Table[] {
  const scalars = scalarFields(field.fields);
  const own: Table = {
    name: table,
    columns: [
      id('client_id'),
      id('owner_id'),
      column('position', 'integer', true),
      ...scalars.flatMap(([name, inner]) => fieldColumns(name, inner)),
    ],
    primaryKey: ['client_id', 'owner_id', 'position'],
    foreignKeys: [owner(ownerTable), ...referenceKeys(scalars)],
    indexes: scalars
      .filter(
        ([name, inner]) =>
          inner.kind === 'reference' || (inner.kind === 'id' && name === 'id') || inner.kind === 'day',
      )
      .map(([name, inner]) => ({
        name: `${table}_by_${snake(name)}`,
        columns: ['client_id', columnName(name, inner), 'owner_id'],
        unique: false,
        since,
      })),
    clustered: true,
    since,
  };
  const nested = Object.entries(field.fields).flatMap(([name, inner]) =>
    inner.kind === 'references'
      ? [
          linkTable(
            collectionTable(table, name),
            ['position'],
            {
              columns: ['client_id', 'owner_id', 'position'],
              table,
              references: ['client_id', 'owner_id', 'position'],
              cascade: true,
            },
            definitionOf(inner.target).table,
            since,
          ),
        ]
      : [],
  );
  return [own, ...nested];
}

const clientKey: ForeignKey = {
  columns: ['client_id', 'client_id'],
  table: 'client',
  references: ['client_id', 'id'],
  cascade: false,
};

/** What is kept beside the records. */
export const supportTables: readonly Table[] = [
  {
    // Spec section 3: an internal key is stored in no column of its record.
    name: 'internal_key',
    columns: [
      id('client_id'),
      column('object_type', 'text', true),
      column('key', 'text', true),
      id('object_id'),
      column('request_hash', 'text', true),
      { ...column('live', 'integer', true), oneOf: [0, 1] },
    ],
    primaryKey: ['client_id', 'object_type', 'object_id'],
    foreignKeys: [clientKey],
    indexes: [
      {
        name: 'internal_key_unique',
        columns: ['client_id', 'object_type', 'key'],
        unique: true,
        where: 'live = 1',
        since: 1,
      },
    ],
    clustered: true,
    since: 1,
  },
  {
    name: 'audit_event',
    columns: [
      id('client_id'),
      id('id'),
      column('at', 'integer', true),
      column('actor', 'text', true),
      column('reason', 'text', false),
      column('operation', 'text', true),
      { ...column('action', 'text', true), oneOf: ['CREATE', 'UPDATE', 'DELETE', 'RESTORE'] },
      column('object_type', 'text', true),
      id('object_id'),
      column('object_name', 'text', true),
      column('before', 'text', false),
      column('after', 'text', false),
    ],
    primaryKey: ['client_id', 'id'],
    foreignKeys: [clientKey],
    indexes: [
      { name: 'audit_event_by_object', columns: ['client_id', 'object_id', 'id'], unique: false, since: 1 },
      { name: 'audit_event_by_at', columns: ['client_id', 'at', 'id'], unique: false, since: 1 },
    ],
    clustered: false,
    since: 1,
  },
  {
    // Spec section 6: of a token only the hash is kept.
    name: 'api_token',
    columns: [
      id('client_id'),
      id('id'),
      column('name', 'text', true),
      { ...column('role', 'text', true), oneOf: ['ADMIN', 'OPERATOR', 'DRIVER_APP', 'CUSTOMER_APP'] },
      column('hash', 'text', true),
      column('driver_id', 'id', false),
      column('customer_id', 'id', false),
      column('created_date', 'integer', true),
      column('created_by', 'text', true),
      column('expires_at', 'integer', false),
      column('revoked_at', 'integer', false),
    ],
    primaryKey: ['client_id', 'id'],
    foreignKeys: [
      clientKey,
      {
        columns: ['client_id', 'driver_id'],
        table: 'driver',
        references: ['client_id', 'id'],
        cascade: false,
      },
      {
        columns: ['client_id', 'customer_id'],
        table: 'customer',
        references: ['client_id', 'id'],
        cascade: false,
      },
    ],
    indexes: [
      { name: 'api_token_by_hash', columns: ['hash'], unique: true, since: 1 },
      {
        name: 'api_token_unique_name',
        columns: ['client_id', 'name'],
        unique: true,
        where: 'revoked_at is null',
        since: 1,
      },
    ],
    clustered: false,
    since: 1,
  },
  linkTable(
    'api_token_group',
    [],
    { columns: ['client_id', 'owner_id'], table: 'api_token', references: ['client_id', 'id'], cascade: true },
    'acl_group',
    1,
  ),
  {
    // What a change under an idempotency key answered, committed with the change, so that asking twice does it once.
    name: 'idempotent_answer',
    columns: [
      id('client_id'),
      column('key', 'text', true),
      column('fingerprint', 'text', true),
      column('answered_at', 'integer', true),
      column('answer', 'text', true),
    ],
    primaryKey: ['client_id', 'key'],
    foreignKeys: [clientKey],
    indexes: [
      {
        name: 'idempotent_answer_by_age',
        columns: ['client_id', 'answered_at'],
        unique: false,
        since: 1,
      },
    ],
    clustered: false,
    since: 1,
  },
  {
    // One row: the last id given out. Writers wait for each other, so ids never collide (spec section 2).
    name: 'id_sequence',
    columns: [{ ...column('one', 'integer', true), oneOf: [1] }, id('last')],
    primaryKey: ['one'],
    foreignKeys: [],
    indexes: [],
    clustered: true,
    since: 1,
  },
  {
    name: 'schema_version',
    columns: [
      column('version', 'integer', true),
      column('applied_at', 'integer', true),
      column('program', 'text', true),
    ],
    primaryKey: ['version'],
    foreignKeys: [],
    indexes: [],
    clustered: true,
    since: 1,
  },
];
