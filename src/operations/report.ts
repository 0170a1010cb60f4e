import type { Changed } from '../contract/change.ts';
import { type AuditEntry, writeAudit } from '../db/audit.ts';
import type { StoredRecord } from '../db/record-store.ts';
import type { AnyRecord, RecordDefinition } from '../records/definition.ts';
import { displayName } from '../records/display.ts';
import { type Field, isCollection } from '../records/field.ts';
import type { ErrorDetail } from '../values/error.ts';
import type { Id } from '../values/id.ts';
import { audited, changedFields, fieldChanges } from './difference.ts';
import { presentOne, readRecords, scopeOf } from './scoped.ts';
import { newId, type Work } from './work.ts';

export type AnyChanged = Changed<AnyRecord>;

/** A record before a change: as it was stored, and as it was answered. */
export interface Before {
  readonly stored: StoredRecord;
  readonly presented: AnyRecord;
}

/** Writes the audit row of a change and answers the record with what changed; `old` is null for a new record. */
export async function report(
  work: Work,
  definition: RecordDefinition,
  old: Before | null,
  after: StoredRecord,
  warnings: readonly ErrorDetail[],
): Promise<AnyChanged> {
  const record = await presentOne(work, definition, after);
  const { names, before, after: now } = contentOf(definition, old, after, record);
  await writeAudit(work.queries, scopeOf(work, definition, after.id), {
    id: await newId(work),
    at: work.now,
    actor: work.actor,
    reason: work.reason,
    operation: work.operation,
    action: actionOf(old, after),
    objectType: definition.objectType,
    objectId: after.id,
    objectName: displayName(definition.objectType, record),
    before,
    after: now,
  });
  return {
    ...record,
    changed: true,
    changes: fieldChanges(names, before ?? {}, now),
    warnings,
    ...(old === null ? { created: true as const } : {}),
    ...dryRunFlag(work),
  };
}

/** What the audit trail keeps of a change: the fields that it is about, before and after. */
export function contentOf(
  { fields }: RecordDefinition,
  old: Before | null,
  after: StoredRecord,
  record: AnyRecord,
) {
  const own =
    old === null
      ? Object.keys(fields).filter((name) => !isEmpty(fields[name] as Field, after.values[name]))
      : changedFields(fields, old.stored.values, after.values);
  const extra = ['deletedAt', 'internalKey'].filter(
    (name) => (old?.presented[name] ?? null) !== (record[name] ?? null),
  );
  const names = [...own, ...extra];
  return {
    names,
    before: old === null ? null : audited(fields, names, old.presented),
    after: audited(fields, names, record),
  };
}

/** The answer to a change that found everything so already. */
export async function unchanged(
  work: Work,
  definition: RecordDefinition,
  id: Id,
  warnings: readonly ErrorDetail[] = [],
): Promise<AnyChanged> {
  const [record] = await readRecords(work, definition, [id]);
  return { ...(record as AnyRecord), changed: false, changes: [], warnings, ...dryRunFlag(work) };
}

/** Says that nothing was written because a dry run was asked for. */
export const dryRunFlag = (work: Work): { readonly dryRun?: true } => (work.dryRun ? { dryRun: true } : {});

const isEmpty = (field: Field, value: unknown): boolean =>
  value === null ||
  value === undefined ||
  (isCollection(field) && (value as readonly unknown[]).length === 0);

function actionOf(old: Before | null, after: StoredRecord): AuditEntry['action'] {
  if (old === null) return 'CREATE';
  if (old.stored.deletedAt === after.deletedAt) return 'UPDATE';
  return after.deletedAt === null ? 'RESTORE' : 'DELETE';
}
