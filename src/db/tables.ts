import type { NaturalHandle, RecordDefinition, Uniqueness } from '../records/definition.ts';
import { type Field, type Fields, type ItemsField, isNullable, type ScalarField } from '../records/field.ts';
import { snake } from '../records/names.ts';
import { definitionOf } from '../records/registry.ts';
import { fold } from '../values/text.ts';
import { encodeValue } from './codec.ts';
import {
  collectionTable,
  columnName,
  columnType,
  foldedColumn,
  handleColumn,
  joinedHandles,
  uniqueColumn,
} from './columns.ts';
import { deletedIndex, filterIndexes, isListedBy, LISTS_SINCE } from './list-indexes.ts';
import {
  type Column,
  clientKey,
  column,
  defineTable,
  type ForeignKey,
  type Index,
  id,
  linkTable,
  ownerKey,
  recordKey,
  type Table,
} from './table.ts';
import { wordIndexes } from './word-indexes.ts';

/** All tables of a record kind: its own, and one for each collection. */
export function tablesOf(definition: RecordDefinition): readonly Table[] {
  const collections = Object.entries(definition.fields).flatMap(([name, field]) =>
    collectionTables(definition.table, name, field, Math.max(sinceOf(definition), sinceOf(field))),
  );
  return [recordTable(definition), ...collections];
}

/** The version that a definition, or a part of one, says it came with. */
const sinceOf = (stated: { readonly since?: number }): number => stated.since ?? 1;

/** A rule or a handle is as new as the newest field that it uses. */
function sinceOfRule(
  { fields }: RecordDefinition,
  rule: Pick<Uniqueness, 'fields' | 'unless' | 'only' | 'since'>,
): number {
  const used = [...rule.fields, rule.unless, rule.only].filter((name) => name !== undefined);
  return Math.max(sinceOf(rule), ...used.map((name) => sinceOf(fields[name] as Field)));
}

function recordTable(definition: RecordDefinition): Table {
  const { table, fields } = definition;
  const scalars = scalarFields(fields);
  return defineTable({
    name: table,
    columns: [
      id('client_id'),
      id('id'),
      column('created_date', 'integer', true),
      column('updated_date', 'integer', true),
      column('deleted_at', 'integer', false),
      column('deleted_by', 'text', false),
      ...scalars.flatMap(([name, field]) => fieldColumns(name, field)),
      ...joinedHandles(definition).map((handle) =>
        column(handleColumn(definition, handle), 'text', false, sinceOfRule(definition, handle)),
      ),
    ],
    primaryKey: ['client_id', 'id'],
    foreignKeys: [...(definition.objectType === 'Client' ? [] : [clientKey]), ...referenceKeys(scalars)],
    indexes: [
      ...uniqueIndexes(definition),
      ...handleIndexes(definition),
      ...expiryAndReferenceIndexes(definition, scalars),
      changes(table),
      ...filterIndexes(definition),
      ...soughtIndexes(table, scalars),
      ...joinedHandles(definition).flatMap((handle) =>
        wordIndexes(table, handleColumn(definition, handle), sinceOfRule(definition, handle)),
      ),
      deletedIndex(table),
    ],
    clustered: false,
    since: sinceOf(definition),
  });
}

const scalarFields = (fields: Fields): readonly (readonly [string, ScalarField])[] =>
  Object.entries(fields).filter((entry): entry is [string, ScalarField] => {
    const kind = entry[1].kind;
    return kind !== 'references' && kind !== 'tags' && kind !== 'items';
  });

function fieldColumns(name: string, field: ScalarField): readonly Column[] {
  const since = sinceOf(field);
  const given = encodeValue(field, field.default);
  const base: Column = {
    name: columnName(name, field),
    type: columnType(field),
    notNull: field.kind !== 'secret' && !isNullable(field),
    since,
    ...(typeof given === 'string' || typeof given === 'number' ? { default: given } : {}),
    ...(field.kind === 'choice' ? { oneOf: field.values } : {}),
    ...(field.kind === 'boolean' ? { oneOf: [0, 1] } : {}),
  };
  if (field.kind !== 'text' || !field.fold) return [base];
  const folded = typeof given === 'string' ? { default: fold(given) } : {};
  return [base, { name: foldedColumn(name), type: 'text', notNull: base.notNull, since, ...folded }];
}

const referenceKeys = (scalars: readonly (readonly [string, ScalarField])[]): readonly ForeignKey[] =>
  scalars.flatMap(([name, field]) =>
    field.kind === 'reference'
      ? [recordKey(columnName(name, field), definitionOf(field.target).table, sinceOf(field))]
      : [],
  );

function uniqueIndexes(definition: RecordDefinition): readonly Index[] {
  return definition.unique.map((rule, index) => ({
    name: `${definition.table}_unique_${index + 1}`,
    columns: ['client_id', ...rule.fields.map((name) => uniqueColumn(definition, name))],
    unique: true,
    ...whereOf(uniqueConditions(rule)),
    since: sinceOfRule(definition, rule),
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
  return definition.handles
    .filter((handle) => handle.within !== undefined || !isCovered(definition, handle))
    .map((handle) => {
      const name = handleColumn(definition, handle);
      return {
        name: `${definition.table}_by_${name}`,
        columns: ['client_id', name],
        unique: false,
        where: `deleted_at is null and ${name} is not null`,
        // Within a parent a rule's index serves; lists are searched whatever the parent.
        since: Math.max(sinceOfRule(definition, handle), handle.within === undefined ? 1 : LISTS_SINCE),
      };
    });
}

/** Whether a rule's index serves the handle too. One that came later does not: the handle has an index by then. */
const isCovered = (definition: RecordDefinition, handle: NaturalHandle): boolean =>
  definition.unique.some(
    (rule) =>
      rule.unless === undefined &&
      rule.fields.join() === handle.fields.join() &&
      sinceOfRule(definition, rule) <= sinceOfRule(definition, handle),
  );

/** Those that the indexes of lists have taken the place of are gone since then; a field that came later never had one. */
function expiryAndReferenceIndexes(
  definition: RecordDefinition,
  scalars: readonly (readonly [string, ScalarField])[],
): readonly Index[] {
  const { table } = definition;
  const wasBefore = (field: ScalarField) => Math.max(sinceOf(definition), sinceOf(field)) < LISTS_SINCE;
  return scalars
    .filter(([name, field]) => field.kind === 'reference' || isAskedFor(name, field))
    .filter(([name, field]) => !isListedBy(name, field) || wasBefore(field))
    .map(([name, field]) => ({
      name: `${table}_by_${snake(name)}`,
      columns: ['client_id', columnName(name, field)],
      unique: false,
      where: `${columnName(name, field)} is not null`,
      since: sinceOf(field),
      ...(isListedBy(name, field) ? { until: LISTS_SINCE } : {}),
    }));
}

/** A record's own day and its expiry are what lists and releases look for. */
const isAskedFor = (name: string, field: ScalarField): boolean =>
  (field.kind === 'day' && name === 'day') || (field.kind === 'instant' && field.day === 'through');

const soughtIndexes = (
  table: string,
  scalars: readonly (readonly [string, ScalarField])[],
): readonly Index[] =>
  scalars.flatMap(([name, field]) =>
    field.kind !== 'instant' || field.soughtSince === undefined
      ? []
      : [
          {
            name: `${table}_by_${snake(name)}`,
            columns: ['client_id', columnName(name, field), 'id'],
            unique: false,
            since: field.soughtSince,
          },
        ],
  );

const changes = (table: string): Index => ({
  name: `${table}_by_updated_date`,
  columns: ['client_id', 'updated_date', 'id'],
  unique: false,
  since: 1,
});

function collectionTables(ownerTable: string, name: string, field: Field, since: number): readonly Table[] {
  const table = collectionTable(ownerTable, name);
  switch (field.kind) {
    case 'references':
      if (field.inverse !== undefined) return [];
      return [linkTable(table, [], ownerKey(ownerTable), definitionOf(field.target).table, since)];
    case 'tags':
      return [tagTable(table, ownerTable, since)];
    case 'items':
      return itemTables(table, ownerTable, field, since);
    default:
      return [];
  }
}

const tagTable = (name: string, ownerTable: string, since: number): Table =>
  defineTable({
    name,
    columns: [
      id('client_id'),
      id('owner_id'),
      column('tag_folded', 'text', true),
      column('position', 'integer', true),
      column('tag', 'text', true),
    ],
    primaryKey: ['client_id', 'owner_id', 'tag_folded'],
    foreignKeys: [ownerKey(ownerTable)],
    indexes: [
      { name: `${name}_by_tag`, columns: ['client_id', 'tag_folded', 'owner_id'], unique: false, since },
    ],
    clustered: true,
    since,
  });

function itemTables(table: string, ownerTable: string, field: ItemsField, since: number): readonly Table[] {
  const scalars = scalarFields(field.fields);
  const key = ['client_id', 'owner_id', 'position'];
  const own = defineTable({
    name: table,
    columns: [
      id('client_id'),
      id('owner_id'),
      column('position', 'integer', true),
      ...scalars.flatMap(([name, inner]) => fieldColumns(name, inner)),
    ],
    primaryKey: key,
    foreignKeys: [ownerKey(ownerTable), ...referenceKeys(scalars)],
    indexes: scalars
      .filter(
        ([name, inner]) =>
          inner.kind === 'reference' || (inner.kind === 'id' && name === 'id') || inner.kind === 'day',
      )
      .map(([name, inner]) => ({
        name: `${table}_by_${snake(name)}`,
        columns: ['client_id', columnName(name, inner), 'owner_id'],
        unique: false,
        since: sinceOf(inner),
      })),
    clustered: true,
    since,
  });
  const owner: ForeignKey = { columns: key, table, references: key, cascade: true, since };
  const nested = Object.entries(field.fields).flatMap(([name, inner]) =>
    inner.kind === 'references'
      ? [
          linkTable(
            collectionTable(table, name),
            ['position'],
            owner,
            definitionOf(inner.target).table,
            Math.max(since, sinceOf(inner)),
          ),
        ]
      : [],
  );
  return [own, ...nested];
}
