import type { Stored } from '../db/codec.ts';
import { findTwin } from '../db/lookup.ts';
import type { StoredRecord } from '../db/record-store.ts';
import { MOST_ENTRIES } from '../records/check-value.ts';
import type { RecordDefinition, Uniqueness } from '../records/definition.ts';
import { displayName } from '../records/display.ts';
import { isCollection } from '../records/field.ts';
import { type ErrorDetail, quote, TphError } from '../values/error.ts';
import type { Id } from '../values/id.ts';
import { refusal } from './refusal.ts';
import { rulesOf } from './rules.ts';
import { readRecords } from './scoped.ts';
import type { Work } from './work.ts';

/** Everything that no record of the kind may be: its own rules, those with other records, uniqueness. */
export async function refuseBroken(
  work: Work,
  definition: RecordDefinition,
  values: Stored,
  before: StoredRecord | null,
): Promise<void> {
  const problems = [
    ...overfull(definition, values),
    ...(definition.check?.(values) ?? []),
    ...((await rulesOf(definition.objectType).check?.(work, values, before)) ?? []),
  ];
  const error = refusal(problems, []);
  if (error !== undefined) throw error;
  await refuseTwin(work, definition, values, before?.id);
}

/** Collections grow by additions too, one call after the other. */
export function overfull(definition: RecordDefinition, values: Stored): readonly ErrorDetail[] {
  return Object.entries(definition.fields).flatMap(([name, field]) => {
    if (!isCollection(field)) return [];
    const most = field.kind === 'items' ? field.max : MOST_ENTRIES;
    const count = (values[name] as readonly unknown[]).length;
    if (count <= most) return [];
    return [
      {
        field: name,
        message: `${name} would have ${count} entries; the most is ${most}`,
        hint: 'remove some',
      },
    ];
  });
}

/** Refuses a record of which another live one (or, for some rules, any) has the same values; CONFLICT names it. */
export async function refuseTwin(
  work: Work,
  definition: RecordDefinition,
  values: Stored,
  except: Id | undefined,
): Promise<void> {
  await rulesOf(definition.objectType).refuseTwin?.(work, values, except);
  for (const rule of definition.unique) {
    if (rule.unless !== undefined && values[rule.unless] === true) continue;
    if (rule.only !== undefined && values[rule.only] !== true) continue;
    const twin = await findTwin(work.queries, work.client.id, definition, rule, values, except);
    if (twin !== undefined) throw await clash(work, definition, rule, twin);
  }
}

/** CONFLICT with the record that has the same values under a rule. */
export async function clash(
  work: Work,
  definition: RecordDefinition,
  rule: Uniqueness,
  twin: Id,
): Promise<TphError> {
  const [record] = await readRecords(work, definition, [twin]);
  const name = record === undefined ? twin : displayName(definition.objectType, record);
  const fields = rule.fields.length > 0 ? rule.fields : [rule.only ?? ''];
  const message = `the ${definition.title} ${quote(name)} has the same ${fields.join(' and ')} already`;
  const verb = record?.deletedAt == null ? 'change it with `tph' : 'restore it with `tph';
  const hint = `${verb} ${definition.noun} ${record?.deletedAt == null ? 'update' : 'restore'} ${twin}\``;
  return new TphError('CONFLICT', message, {
    hint,
    details: fields.map((field) => ({
      field,
      message,
      hint,
      id: twin,
      name,
      objectType: definition.objectType,
    })),
  });
}
