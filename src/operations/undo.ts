import type { AuditAction, LogUndone } from '../contract/log.ts';
import { operationPrefix } from '../contract/names.ts';
import { refuseRole } from '../contract/roles.ts';
import type { Token } from '../contract/token.ts';
import { type AuditEntry, readAudit } from '../db/audit.ts';
import type { Stored } from '../db/codec.ts';
import type { RecordDefinition } from '../records/definition.ts';
import { definitionOf } from '../records/registry.ts';
import { quote, TphError } from '../values/error.ts';
import type { Id } from '../values/id.ts';
import { changeRecord } from './change.ts';
import { deletedReferences, deleteRecord, restoreRecord } from './delete.ts';
import { hiddenDepartments } from './hidden-departments.ts';
import { eventId } from './log.ts';
import type { AnyChanged } from './report.ts';
import { rulesOf } from './rules.ts';
import { storedRecord } from './scoped.ts';
import { refuseTouched } from './undo-touched.ts';
import { storedValue } from './undo-values.ts';
import type { Work } from './work.ts';

/** Takes back one change (spec section 5). CONFLICT says what differs where the record was changed since. */
export async function undoEvent(work: Work, input: { readonly event: string }): Promise<LogUndone> {
  const id = eventId(input.event, 'event');
  const [entry] = await readAudit(work.queries, work.client.id, {
    limit: 1,
    id,
    visibleTo: work.viewerGroups ?? undefined,
  });
  if (entry === undefined) {
    const message = `there is no event ${quote(id)}`;
    const hint = 'find it with `tph log`';
    throw new TphError('NOT_FOUND', message, {
      hint,
      details: [{ field: 'event', value: id, message, hint }],
    });
  }
  await refuseHidden(work, entry);
  const done = await putBack(work, entry);
  return {
    event: entry.id,
    action: OPPOSITE[entry.action],
    object: { objectType: entry.objectType, id: entry.objectId, name: entry.objectName },
    changed: true,
    changes: done.changes,
    warnings: done.warnings,
    ...(done.affects === undefined ? {} : { affects: done.affects }),
    ...(done.dryRun === undefined ? {} : { dryRun: done.dryRun }),
  };
}

const OPPOSITE = {
  CREATE: 'DELETE',
  UPDATE: 'UPDATE',
  DELETE: 'RESTORE',
  RESTORE: 'DELETE',
} as const satisfies Record<AuditAction, AuditAction>;

/**
 * Puts a record back as it was before one change, as a change of its own whose reason names the event. CONFLICT where
 * the record is no longer as that change left it; whatever else guards a record holds here too.
 */
export async function putBack(work: Work, entry: AuditEntry): Promise<AnyChanged> {
  const definition = definitionOf(entry.objectType);
  const opposite = OPPOSITE[entry.action];
  if (work.viewerRole !== null)
    refuseRole(work.viewerRole, `${operationPrefix(entry.objectType)}.${opposite.toLowerCase()}`);
  if (opposite === 'UPDATE') refuseUnrestorable(definition, entry);
  const record = await storedRecord(work, definition, entry.objectId);
  await refuseTouched(work, definition, entry, record);
  const own = { ...work, reason: reasonFor(work, entry) };
  const guard = rulesOf(entry.objectType).guard;
  switch (opposite) {
    case 'DELETE':
      // Naming the event is no reason of a person's own, which is what a guard may ask for.
      await guard?.(work, record, null);
      return deleteRecord(own, entry.objectType, entry.objectId);
    case 'RESTORE':
      return restoreRecord(own, entry.objectType, entry.objectId);
    case 'UPDATE': {
      const values = valuesBefore(definition, entry, record.values);
      await guard?.(work, record, values);
      const key = entry.before?.['internalKey'] as string | null | undefined;
      return changeRecord(own, definition, record.id, () => values, {
        given: Object.keys(entry.before ?? {}),
        asItWas: true,
        key,
        warnings: await newlyDeleted(work, definition, record.values, values),
      });
    }
  }
}

const reasonFor = ({ reason }: Work, { id }: AuditEntry): string =>
  reason === null ? `undo of ${id}` : `undo of ${id}: ${reason}`;

/** The values of a record with those of a change as they were before it. */
function valuesBefore(definition: RecordDefinition, entry: AuditEntry, values: Stored): Stored {
  const back = Object.entries(entry.before ?? {}).flatMap(([name, value]) => {
    const field = definition.fields[name];
    if (field?.kind === 'secret') throw refuseSecret(definition, entry, name);
    return field === undefined ? [] : [[name, storedValue(field, value)] as const];
  });
  return { ...values, ...Object.fromEntries(back) };
}

/** A change of what is no field of the record, such as of a token, of which the trail keeps a description only. */
function refuseUnrestorable(definition: RecordDefinition, entry: AuditEntry): void {
  const fields = Object.keys({ ...entry.before, ...entry.after });
  if (fields.some((name) => name === 'internalKey' || definition.fields[name] !== undefined)) return;
  const field = fields[0] ?? 'event';
  const token = entry.after?.['token'] as Token | undefined;
  const message =
    token === undefined
      ? 'it changed nothing that could be put back'
      : entry.before?.['token'] == null
        ? `it made the token ${quote(token.name)}, which is taken back by revoking it`
        : `it revoked the token ${quote(token.name)}, and a revoked token opens nothing again`;
  const hint =
    token === undefined
      ? `see \`tph log --object ${entry.objectId}\``
      : entry.before?.['token'] == null
        ? `revoke it with \`tph token revoke ${token.id}\``
        : `make another with \`tph token create\``;
  throw new TphError('CONFLICT', message, { hint, details: [{ field, message, hint }] });
}

/** Of a password nothing is kept that could be put back. */
function refuseSecret(definition: RecordDefinition, entry: AuditEntry, field: string): TphError {
  const message = `the ${field} that it changed is kept nowhere, and cannot be put back`;
  const hint = `set another with \`tph ${definition.noun} update ${entry.objectId}\``;
  return new TphError('CONFLICT', message, { hint, details: [{ field, message, hint }] });
}

/** What is referred to again, and was deleted since. */
async function newlyDeleted(work: Work, definition: RecordDefinition, now: Stored, back: Stored) {
  const known = new Set(
    (await deletedReferences(work, definition, { values: now })).map(({ message }) => message),
  );
  const all = await deletedReferences(work, definition, { values: back });
  return all.filter(({ message }) => !known.has(message));
}

/** What an operator does not see of a change cannot be put back by them either. */
async function refuseHidden(work: Work, entry: AuditEntry): Promise<void> {
  const hidden = await hiddenDepartments(work);
  if (hidden.size === 0) return;
  const ids = JSON.stringify([entry.before, entry.after]).match(/(?<=")G\d+(?=")/g) ?? [];
  if (!ids.some((id) => hidden.has(id as Id))) return;
  throw new TphError('NOT_ALLOWED', 'this change is about more than you may see', {
    hint: 'ask an administrator to undo it',
  });
}
