import type { Affected } from '../contract/change.ts';
import { collectionTable, columnName } from '../db/columns.ts';
import { type Referrers, referrersByColumn, referrersByTable } from '../db/lookup.ts';
import { linkOf } from '../db/record-store.ts';
import { accountDepartment } from '../records/account-department.ts';
import type { AnyRecord, RecordDefinition } from '../records/definition.ts';
import { displayName } from '../records/display.ts';
import type { Field, ObjectType } from '../records/field.ts';
import { definitionOf, objectTypes } from '../records/registry.ts';
import type { Id } from '../values/id.ts';
import { hiddenDepartments } from './hidden-departments.ts';
import { readRecords } from './scoped.ts';
import type { Work } from './work.ts';

/** The live records of every kind that refer to one, by the field through which they do. */
export async function affectedBy(work: Work, type: ObjectType, id: Id): Promise<readonly Affected[]> {
  const found: Affected[] = [];
  const unseen = await unseenDepartments(work);
  for (const other of objectTypes) {
    const from = definitionOf(other);
    for (const [name, field] of Object.entries(from.fields))
      for (const { count: all, first } of await referrers(work, from, name, field, type, id)) {
        const refers = (one: AnyRecord) => JSON.stringify(one[name]).includes(`"${id}"`);
        const count = other === 'AccountDepartment' && all > 0 ? all - unseen.filter(refers).length : all;
        if (count === 0) continue;
        const records = await readRecords(work, from, first);
        const names = records.map((record) => displayName(other, record));
        found.push({ objectType: other, field: name, count, names });
      }
  }
  return found;
}

/** The live departments that whoever asks may not see: they are not counted either. */
async function unseenDepartments(work: Work): Promise<readonly AnyRecord[]> {
  const records = await readRecords(work, accountDepartment, [...(await hiddenDepartments(work))]);
  return records.filter((one) => one.deletedAt === null);
}

/** Who refers to `id` through one field: by its column, its link table, or the tables of its items. */
async function referrers(
  work: Work,
  from: RecordDefinition,
  name: string,
  field: Field,
  type: ObjectType,
  id: Id,
): Promise<readonly Referrers[]> {
  const byTable = (table: string, column: string) =>
    referrersByTable(work.queries, work.client.id, from, table, column, id);
  if (field.kind === 'reference' && field.target === type)
    return [await referrersByColumn(work.queries, work.client.id, from, name, id)];
  if (field.kind === 'references' && field.target === type && field.inverse === undefined)
    return [await byTable(linkOf(from, name, field).table, 'target_id')];
  if (field.kind !== 'items') return [];
  const table = collectionTable(from.table, name);
  const found: Referrers[] = [];
  for (const [inner, innerField] of Object.entries(field.fields)) {
    if (innerField.kind === 'reference' && innerField.target === type)
      found.push(await byTable(table, columnName(inner, innerField)));
    if (innerField.kind === 'references' && innerField.target === type)
      found.push(await byTable(collectionTable(table, inner), 'target_id'));
  }
  return found;
}
