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
import { internalKey, judge } from './judge.ts';
import { holderOfKey } from './keys.ts';
import { hashSecrets } from './password.ts';
import { type AnyChanged, report, unchanged } from './report.ts';
import { rulesOf } from './rules.ts';
import { scopeOf } from './scoped.ts';
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
  const judged = await judge(work, definition, input, 'create', held);
  const hash = requestHash(definition, judged.values);
  if (typeof key === 'string') {
    const holder = await holderOfKey(work, type, key);
    if (holder !== undefined) return replay(work, definition, key, holder, hash);
  }
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
  if (typeof key === 'string') await putKey(work.queries, scope, type, record.id, key, hash);
  await writeInverse(work, definition, null, record, Object.keys(definition.fields));
  return report(work, definition, null, record, [
    ...judged.warnings,
    ...(rules.warn?.(work, completed) ?? []),
  ]);
}

function requestHash(definition: RecordDefinition, values: Values): string {
  const content = Object.entries(values).filter(([name]) => definition.fields[name]?.kind !== 'secret');
  return createHash('sha256')
    .update(canonical(Object.fromEntries(content)))
    .digest('base64url');
}

async function replay(
  work: Work,
  definition: RecordDefinition,
  key: string,
  holder: { readonly objectId: Id; readonly requestHash: string },
  hash: string,
): Promise<AnyChanged> {
  if (holder.requestHash === hash)
    return { ...(await unchanged(work, definition, holder.objectId)), replayed: true };
  const message = `the internal key ${quote(key)} belongs to ${definition.title} ${holder.objectId}, made from other content`;
  const hint = `change that one with \`tph ${definition.noun} update ${holder.objectId}\`, or use another key`;
  throw new TphError('CONFLICT', message, {
    hint,
    details: [{ field: 'internalKey', value: key, message, hint, id: holder.objectId }],
  });
}
