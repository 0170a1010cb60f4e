import type { RecordDefinition } from '../records/definition.ts';
import type { ObjectType } from '../records/field.ts';
import { namingHandle } from '../records/naming-handle.ts';
import { definitionOf } from '../records/registry.ts';
import { columnName, handleColumn } from './columns.ts';

/** An id's column as text, `G…`: integers that large would lose digits. Null stays null. */
export const idText = (column: string): string => `'G' || ${column}`;

/**
 * What a reference's column stands for, as text that names the record without doubt: its handle, or its id where it
 * has none, shares it, is deleted, or where the handle could be taken for something else. `among` `live`: null for a
 * deleted record.
 */
export function handleOrId(
  target: ObjectType,
  alias: string,
  column: string,
  among: 'any' | 'live' = 'any',
): string {
  const definition = definitionOf(target);
  const id = idText('t.id');
  const text = handleSql(definition);
  const value = text === undefined ? id : `coalesce(${text}, ${id})`;
  const isLive = among === 'live' ? 'and t.deleted_at is null' : '';
  return `(select ${value} from "${definition.table}" t
           where t.client_id = ${alias}.client_id and t.id = ${column} ${isLive})`;
}

/** The handle of the record `t`, null where it names not this record alone. */
function handleSql(definition: RecordDefinition): string | undefined {
  const naming = namingHandle(definition);
  if (naming === undefined) return undefined;
  const { handle, rule } = naming;
  const [name = ''] = handle.fields;
  const field = definition.fields[name];
  if (field === undefined || handle.fields.length > 1) return undefined;
  const own = `t."${columnName(name, field)}"`;
  const text =
    handle.within === undefined ? own : `${parentHandle(definition, handle.within)} || '/' || ${own}`;
  const tests = [
    't.deleted_at is null',
    // What `isUnclear` says, in SQL.
    handle.within === undefined ? `lower(${own}) not like 'key:%'` : `${own} not like '%/%'`,
    ...(rule.unless === undefined && rule.only === undefined ? [] : [isAlone(definition)]),
  ];
  return `case when ${tests.join(' and ')} then ${text} end`;
}

/** Others may have the same handle where the rule exempts them. */
function isAlone(definition: RecordDefinition): string {
  const [handle] = definition.handles;
  if (handle === undefined) return 'true';
  const column = handleColumn(definition, handle);
  return `not exists (select 1 from "${definition.table}" o where o.client_id = t.client_id
          and o."${column}" = t."${column}" and o.deleted_at is null and o.id <> t.id)`;
}

/** The handle of a record's parent; null where the parent is deleted, or its handle is no plain one. */
function parentHandle(definition: RecordDefinition, within: string): string {
  const parent = definition.fields[within];
  if (parent?.kind !== 'reference') return 'null';
  const target = definitionOf(parent.target);
  const name = namingHandle(target)?.handle.fields[0] ?? '';
  const field = target.fields[name];
  if (field === undefined) return 'null';
  const own = `p."${columnName(name, field)}"`;
  return `(select ${own} from "${target.table}" p where p.client_id = t.client_id
           and p.id = t."${columnName(within, parent)}" and p.deleted_at is null
           and lower(${own}) not like 'key:%' and ${own} not like '%/%')`;
}
