import { createHash } from 'node:crypto';
import { putKey } from '../db/internal-keys.ts';
import { insertRecord, type StoredRecord } from '../db/record-store.ts';
import type { RecordDefinition, Values } from '../records/definition.ts';
import type { ObjectType } from '../records/field.ts';
import { definitionOf } from '../records/registry.ts';
import { quote, TphError } from '../values/error.ts';
import type { Id } from '../values/id.ts';
import { writeInverse } from './change.ts';
import { canonical } from './difference.ts';
import { heldBy, internalKey, judge } from './judge.ts';
import { holderOfKey } from './keys.ts';
import { hashSecrets, secretsMatch } from './password.ts';
import { type AnyChanged, report, unchanged } from './report.ts';
import { rulesOf } from './rules.ts';
import { scopeOf, storedRecord } from './scoped.ts';
import { refuseBroken } from './uniqueness.ts';
import { newId, type Work } from './work.ts';

/**
 * A new record; or, by its internal key and the same content, the one that was made before (spec section 3).
 * Records in `held` may be referred to by id though they are deleted.
 */
export async function createRecord(
  work: Work,
  type: ObjectType,
  input: Values,
  held?: ReadonlySet<Id>,
): Promise<AnyChanged> {
  const definition = definitionOf(type);
  const key = internalKey(input);
  const holder = typeof key === 'string' ? await holderOfKey(work, type, key) : undefined;
  if (typeof key === 'string' && holder !== undefined) return replay(work, definition, input, key, holder);
  const judged = await judge(work, definition, input, 'create', held);
  const rules = rulesOf(type);
  const completed = (await rules.complete?.(work, judged.values, null, Object.keys(input))) ?? judged.values;
  await refuseBroken(work, definition, completed, null);
  const record: StoredRecord = {
    id: await newId(work),
    createdDate: work.now,
    updatedDate: work.now,
    deletedAt: null,
    deletedBy: null,
    values: { ...completed, ...(await hashSecrets(definition.fields, completed)) },
  };
  const scope = scopeOf(work, definition, record.id);
  await insertRecord(work.queries, scope, definition, record);
  if (typeof key === 'string')
    await putKey(work.queries, scope, type, record.id, key, requestHash(definition, judged.values));
  await writeInverse(work, definition, null, record, Object.keys(definition.fields));
  return report(work, definition, null, record, [
    ...judged.warnings,
    ...(rules.warn?.(work, completed, null) ?? []),
  ]);
}

/** What a request to create a record says, as far as two requests under one internal key are compared. */
export function requestHash(definition: RecordDefinition, values: Values): string {
  const content = Object.entries(values).filter(([name]) => definition.fields[name]?.kind !== 'secret');
  return createHash('sha256')
    .update(canonical(Object.fromEntries(content)))
    .digest('base64url');
}

/** The record that the same request made before, even where a record it refers to has been deleted since. */
async function replay(
  work: Work,
  definition: RecordDefinition,
  input: Values,
  key: string,
  holder: { readonly objectId: Id; readonly requestHash: string },
): Promise<AnyChanged> {
  const stored = await storedRecord(work, definition, holder.objectId);
  const { values } = await judge(work, definition, input, 'create', heldBy(definition, stored));
  const sameSecrets = await secretsMatch(definition.fields, values, stored.values);
  if (sameSecrets && holder.requestHash === requestHash(definition, values))
    return { ...(await unchanged(work, definition, holder.objectId)), replayed: true };
  const message = `the internal key ${quote(key)} belongs to ${definition.title} ${holder.objectId}, made from other content`;
  const hint = `change that one with \`tph ${definition.noun} update ${holder.objectId}\`, or use another key`;
  throw new TphError('CONFLICT', message, {
    hint,
    details: [{ field: 'internalKey', value: key, message, hint, id: holder.objectId }],
  });
}
