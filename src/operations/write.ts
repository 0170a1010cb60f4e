import { createHash } from 'node:crypto';
import type { Affected, Changed } from '../contract/change.ts';
import { type AuditEntry, writeAudit } from '../db/audit.ts';
import type { Stored } from '../db/codec.ts';
import { collectionTable } from '../db/columns.ts';
import { findKey, keyOf, putKey, setKeyLive } from '../db/internal-keys.ts';
import { findTwin, type Referrers, referrersByColumn, referrersByTable } from '../db/lookup.ts';
import { present } from '../db/present.ts';
import { insertRecord, linkOf, loadRecords, type StoredRecord, updateRecord } from '../db/record-store.ts';
import { checkInput } from '../records/check.ts';
import type { AnyRecord, RecordDefinition, Uniqueness, Values } from '../records/definition.ts';
import { displayName } from '../records/display.ts';
import { type Field, type Fields, isCollection, type ObjectType } from '../records/field.ts';
import { definitionOf, objectTypes } from '../records/registry.ts';
import { type ErrorDetail, invalid, quote, TphError } from '../values/error.ts';
import type { Id } from '../values/id.ts';
import type { Instant } from '../values/instant.ts';
import { cleanText, fold } from '../values/text.ts';
import { audited, canonical, changedFields, fieldChanges } from './difference.ts';
import { loadFormats } from './formats.ts';
import { hashPassword } from './password.ts';
import { refusal, resolveReference, resolveReferences } from './references.ts';
import { rulesOf } from './rules.ts';
import { newId, type Work } from './work.ts';

type AnyChanged = Changed<AnyRecord>;

interface Judged {
  readonly values: Values;
  readonly warnings: readonly ErrorDetail[];
}

/** Checks input and resolves its references; throws everything that is wrong at once. */
async function judge(work: Work, definition: RecordDefinition, input: Values, mode: 'create' | 'update'): Promise<Judged> {
  const formats = await loadFormats(work.client.country, definition.fields, input);
  const checked = checkInput(definition, input, mode, formats);
  const resolved = await resolveReferences(work, definition.fields, checked.values);
  const error = refusal(checked.problems, resolved.problems);
  if (error !== undefined) throw error;
  return { values: resolved.values, warnings: checked.warnings };
}

/** A new record; or, by its internal key and the same content, the one that was made before (spec section 3). */
export async function createRecord(work: Work, type: ObjectType, input: Values): Promise<AnyChanged> {
  const definition = definitionOf(type);
  const key = internalKey(input);
  const judged = await judge(work, definition, input, 'create');
  const hash = requestHash(definition, judged.values);
  if (typeof key === 'string') {
    const held = await findKey(work.queries, work.client.id, type, key);
    if (held !== undefined) return replay(work, definition, key, held, hash);
  }
  const given = Object.keys(input);
  const rules = rulesOf(type);
  const completed = (await rules.complete?.(work, judged.values, null, given)) ?? judged.values;
  await refuseBroken(work, definition, completed, null);
  const record: StoredRecord = {
    id: await newId(work),
    createdDate: work.now,
    updatedDate: work.now,
    deletedAt: null,
    deletedBy: null,
    values: await hashSecrets(definition, completed),
  };
  await insertRecord(work.queries, type === 'Client' ? record.id : work.client.id, definition, record);
  if (typeof key === 'string') await putKey(work.queries, work.client.id, type, record.id, key, hash);
  return report(work, definition, null, record, [...judged.warnings, ...(rules.warn?.(work, completed) ?? [])], { created: true });
}

function internalKey(input: Values): string | null | undefined {
  const key = input['internalKey'];
  if (key === undefined || key === null || key === '') return key === undefined ? undefined : null;
  const clean = typeof key === 'string' ? cleanText(key, { multiline: false, max: 200 }) : undefined;
  if (clean?.ok !== true)
    throw invalid(`internalKey ${quote(key)} is not plain text of at most 200 characters`, 'give another key', [
      { field: 'internalKey', message: 'internalKey is not plain text of at most 200 characters' },
    ]);
  return clean.text;
}

function requestHash(definition: RecordDefinition, values: Values): string {
  const content = Object.entries(values).filter(([name]) => definition.fields[name]?.kind !== 'secret');
  return createHash('sha256').update(canonical(Object.fromEntries(content))).digest('base64url');
}

async function replay(
  work: Work,
  definition: RecordDefinition,
  key: string,
  held: { readonly objectId: Id; readonly requestHash: string },
  hash: string,
): Promise<AnyChanged> {
  const [record] = await readRecords(work, definition, [held.objectId]);
  if (record !== undefined && held.requestHash === hash)
    return { ...record, changed: false, changes: [], warnings: [], replayed: true };
  const message = `the internal key ${quote(key)} belongs to ${definition.title} ${held.objectId}, made from other content`;
  throw new TphError('CONFLICT', message, {
    hint: `change that one with \`tph ${definition.noun} update ${held.objectId}\`, or use another key`,
    details: [{ field: 'internalKey', value: key, message, id: held.objectId }],
  });
}

/** Everything that no record of the kind may be: its own rules, those with other records, uniqueness. */
async function refuseBroken(work: Work, definition: RecordDefinition, values: Stored, before: StoredRecord | null): Promise<void> {
  const problems = [
    ...(definition.check?.(values) ?? []),
    ...((await rulesOf(definition.objectType).check?.(work, values, before)) ?? []),
  ];
  const error = refusal(problems, []);
  if (error !== undefined) throw error;
  await refuseTwin(work, definition, values, before?.id);
}

async function refuseTwin(work: Work, definition: RecordDefinition, values: Stored, except: Id | undefined): Promise<void> {
  for (const rule of definition.unique) {
    if (rule.unless !== undefined && values[rule.unless] === true) continue;
    if (rule.only !== undefined && values[rule.only] !== true) continue;
    const twin = await findTwin(work.queries, work.client.id, definition, rule, values, except);
    if (twin !== undefined) throw await clash(work, definition, rule, twin);
  }
}

async function clash(work: Work, definition: RecordDefinition, rule: Uniqueness, twin: Id): Promise<TphError> {
  const [record] = await readRecords(work, definition, [twin]);
  const name = record === undefined ? twin : displayName(definition.objectType, record);
  const fields = rule.fields.length > 0 ? rule.fields : [rule.only ?? ''];
  const message = `the ${definition.title} ${quote(name)} has the same ${fields.join(' and ')} already`;
  const restore = record?.deletedAt == null ? `change it with \`tph ${definition.noun} update ${twin}\`` : `restore it with \`tph ${definition.noun} restore ${twin}\``;
  return new TphError('CONFLICT', message, {
    hint: restore,
    details: fields.map((field) => ({ field, message, id: twin, name, objectType: definition.objectType })),
  });
}

async function hashSecrets(definition: RecordDefinition, values: Stored): Promise<Stored> {
  const hashed: Record<string, unknown> = { ...values };
  for (const [name, field] of Object.entries(definition.fields))
    if (field.kind === 'secret' && typeof values[name] === 'string') hashed[name] = await hashPassword(values[name]);
  return hashed;
}

/** Changes the fields that are given; `add` and `remove` edit collections beside them. */
export async function updateByInput(work: Work, type: ObjectType, ref: string, input: Values): Promise<AnyChanged> {
  const definition = definitionOf(type);
  const id = await resolveReference(work, type, ref, 'ref');
  const { add, remove, ...rest } = input;
  const key = internalKey(rest);
  const set = await judge(work, definition, withoutKey(rest), 'update');
  const added = await judge(work, definition, collectionsOnly(definition, add), 'update');
  const removed = await judge(work, definition, collectionsOnly(definition, remove), 'update');
  const given = [...Object.keys(set.values), ...Object.keys(added.values), ...Object.keys(removed.values)];
  return changeRecord(
    work,
    definition,
    id,
    (before) => edited(definition.fields, { ...before, ...set.values }, added.values, removed.values),
    { given, key, warnings: [...set.warnings, ...added.warnings] },
  );
}

const withoutKey = ({ internalKey: _key, ...rest }: Values): Values => rest;

function collectionsOnly(definition: RecordDefinition, edits: unknown): Values {
  if (edits === undefined || edits === null) return {};
  const values = edits as Values;
  const wrong = Object.keys(values).find((name) => {
    const field = definition.fields[name];
    return field !== undefined && !isCollection(field);
  });
  if (wrong !== undefined) throw invalid(`${wrong} is no collection`, `set it outright: ${wrong} takes one value`);
  return values;
}

function edited(fields: Fields, values: Stored, added: Values, removed: Values): Stored {
  const result: Record<string, unknown> = { ...values };
  for (const name of new Set([...Object.keys(added), ...Object.keys(removed)])) {
    const identity = identityOf(fields[name] as Field);
    const gone = new Set(((removed[name] ?? []) as readonly unknown[]).map(identity));
    const kept = ((values[name] ?? []) as readonly unknown[]).filter((entry) => !gone.has(identity(entry)));
    const here = new Set(kept.map(identity));
    const fresh = ((added[name] ?? []) as readonly unknown[]).filter((entry) => !here.has(identity(entry)));
    result[name] = [...kept, ...fresh];
  }
  return result;
}

/** When two entries of a collection are the same one. A generated id does not count: input may leave it out. */
function identityOf(field: Field): (entry: unknown) => string {
  if (field.kind === 'tags') return (entry) => fold(entry as string);
  if (field.kind !== 'items') return (entry) => String(entry);
  return (entry) => {
    const item = entry as Record<string, unknown>;
    const generated = Object.entries(field.fields).flatMap(([name, inner]) => (inner.kind === 'id' && inner.generated ? [name] : []));
    return canonical(Object.fromEntries(Object.entries(item).filter(([name]) => !generated.includes(name))));
  };
}

export interface ChangeOptions {
  readonly given: readonly string[];
  readonly key?: string | null | undefined;
  readonly warnings?: readonly ErrorDetail[];
}

/** Puts `change` of a live record's stored values into force, with its rules, uniqueness and audit. */
export async function changeRecord(
  work: Work,
  definition: RecordDefinition,
  id: Id,
  change: (before: Stored) => Stored,
  options: ChangeOptions,
): Promise<AnyChanged> {
  const [before] = await loadRecords(work.queries, scopeOf(work, definition, id), definition, [id]);
  if (before === undefined || before.deletedAt !== null) throw new TphError('NOT_FOUND', `there is no ${definition.title} ${quote(id)}`);
  const rules = rulesOf(definition.objectType);
  const changed = change(before.values);
  const completed = (await rules.complete?.(work, changed, before, options.given)) ?? changed;
  const secrets = Object.fromEntries(options.given.map((name) => [name, completed[name]]));
  const values = { ...completed, ...(await hashSecrets(definition, onlySecrets(definition, secrets))) };
  const names = changedFields(definition.fields, before.values, values);
  const oldKey = options.key === undefined ? undefined : await keyOf(work.queries, work.client.id, definition.objectType, id);
  const keyChanges = options.key !== undefined && options.key !== (oldKey ?? null);
  const warnings = [...(options.warnings ?? []), ...(rules.warn?.(work, values) ?? [])];
  if (names.length === 0 && !keyChanges) return unchanged(work, definition, id, warnings);
  await refuseBroken(work, definition, values, before);
  await rules.guard?.(work, before, values);
  const after: StoredRecord = { ...before, values, updatedDate: laterThan(before.updatedDate, work.now) };
  const old = await presentOne(work, definition, before);
  await updateRecord(work.queries, scopeOf(work, definition, id), definition, after, names);
  if (keyChanges) await rekey(work, definition, id, options.key ?? null);
  await writeInverse(work, definition, before, after, names);
  return report(work, definition, { stored: before, presented: old }, after, warnings, {});
}

const onlySecrets = (definition: RecordDefinition, values: Stored): Stored =>
  Object.fromEntries(Object.entries(values).filter(([name]) => definition.fields[name]?.kind === 'secret'));

async function unchanged(work: Work, definition: RecordDefinition, id: Id, warnings: readonly ErrorDetail[]): Promise<AnyChanged> {
  const [record] = await readRecords(work, definition, [id]);
  return { ...(record as AnyRecord), changed: false, changes: [], warnings, ...(work.dryRun ? { dryRun: true as const } : {}) };
}

/** Spec section 3: `updatedDate` moves on every change, also on two within a second. */
const laterThan = (previous: Instant, now: Instant): Instant => Math.max(now, previous + 1) as Instant;

async function rekey(work: Work, definition: RecordDefinition, id: Id, key: string | null): Promise<void> {
  if (key !== null) {
    const held = await findKey(work.queries, work.client.id, definition.objectType, key);
    if (held !== undefined && held.objectId !== id)
      throw new TphError('CONFLICT', `the internal key ${quote(key)} belongs to ${definition.title} ${held.objectId}`, {
        hint: 'use another key',
        details: [{ field: 'internalKey', value: key, message: 'the internal key belongs to another record', id: held.objectId }],
      });
  }
  await putKey(work.queries, work.client.id, definition.objectType, id, key, '');
}

/** A collection that the other side owns is changed there, record by record, so that each has its own audit row. */
async function writeInverse(
  work: Work,
  definition: RecordDefinition,
  before: StoredRecord | null,
  after: StoredRecord,
  names: readonly string[],
): Promise<void> {
  for (const name of names) {
    const field = definition.fields[name];
    if (field?.kind !== 'references' || field.inverse === undefined) continue;
    const inverse = field.inverse;
    const was = new Set((before?.values[name] ?? []) as readonly Id[]);
    const is = new Set((after.values[name] ?? []) as readonly Id[]);
    const moved = [...was, ...is].filter((id) => was.has(id) !== is.has(id));
    for (const other of new Set(moved))
      await changeRecord(
        work,
        definitionOf(field.target),
        other,
        (values) => {
          const list = values[inverse] as readonly Id[];
          return { ...values, [inverse]: is.has(other) ? [...list, after.id] : list.filter((id) => id !== after.id) };
        },
        { given: [inverse] },
      );
  }
}

/** Marks a live record as deleted; says what still refers to it. */
export async function deleteRecord(work: Work, type: ObjectType, ref: string): Promise<AnyChanged> {
  const definition = definitionOf(type);
  const id = await resolveReference(work, type, ref, 'ref');
  const [before] = await loadRecords(work.queries, scopeOf(work, definition, id), definition, [id]);
  if (before === undefined) throw new TphError('NOT_FOUND', `there is no ${definition.title} ${quote(ref)}`);
  await rulesOf(type).guard?.(work, before, null);
  const affects = await affectedBy(work, type, id);
  const changed = await setDeleted(work, definition, before, work.now);
  return { ...changed, affects };
}

/** Undoes a deletion; CONFLICT names the live record that has taken its place. */
export async function restoreRecord(work: Work, type: ObjectType, ref: string): Promise<AnyChanged> {
  const definition = definitionOf(type);
  const id = await deletedOrLive(work, type, ref);
  const [before] = await loadRecords(work.queries, scopeOf(work, definition, id), definition, [id]);
  if (before === undefined) throw new TphError('NOT_FOUND', `there is no ${definition.title} ${quote(ref)}`);
  if (before.deletedAt === null) return unchanged(work, definition, id, []);
  await refuseTwin(work, definition, before.values, id);
  const key = await keyOf(work.queries, work.client.id, type, id);
  const held = key === undefined ? undefined : await findKey(work.queries, work.client.id, type, key);
  if (held !== undefined)
    throw new TphError('CONFLICT', `the internal key ${quote(key)} belongs to ${definition.title} ${held.objectId} now`, {
      hint: `give that one another key with \`tph ${definition.noun} update ${held.objectId} --key …\``,
    });
  return setDeleted(work, definition, before, null);
}

/** Restoring twice is once: a handle that no deleted record has may be that of one restored before. */
async function deletedOrLive(work: Work, type: ObjectType, ref: string): Promise<Id> {
  try {
    return await resolveReference(work, type, ref, 'ref', 'deleted');
  } catch (error) {
    if (!(error instanceof TphError) || error.code !== 'NOT_FOUND') throw error;
    return resolveReference(work, type, ref, 'ref', 'live');
  }
}

async function setDeleted(
  work: Work,
  definition: RecordDefinition,
  before: StoredRecord,
  at: Instant | null,
): Promise<AnyChanged> {
  const old = await presentOne(work, definition, before);
  const after: StoredRecord = {
    ...before,
    deletedAt: at,
    deletedBy: at === null ? null : work.actor,
    updatedDate: laterThan(before.updatedDate, work.now),
  };
  await updateRecord(work.queries, scopeOf(work, definition, before.id), definition, after, []);
  await setKeyLive(work.queries, work.client.id, definition.objectType, before.id, at === null);
  return report(work, definition, { stored: before, presented: old }, after, [], {});
}

/** The live records of every kind that refer to one, by the field through which they do. */
async function affectedBy(work: Work, type: ObjectType, id: Id): Promise<readonly Affected[]> {
  const found: Affected[] = [];
  const note = async (definition: RecordDefinition, field: string, referrers: Referrers) => {
    if (referrers.count === 0) return;
    const records = await readRecords(work, definition, referrers.first);
    const names = records.map((record) => displayName(definition.objectType, record));
    found.push({ objectType: definition.objectType, field, count: referrers.count, names });
  };
  for (const other of objectTypes) {
    const from = definitionOf(other);
    for (const [name, field] of Object.entries(from.fields)) {
      const byColumn = () => referrersByColumn(work.queries, work.client.id, from, name, id);
      const byTable = (table: string, column: string) => referrersByTable(work.queries, work.client.id, from, table, column, id);
      if (field.kind === 'reference' && field.target === type) await note(from, name, await byColumn());
      if (field.kind === 'references' && field.target === type && field.inverse === undefined)
        await note(from, name, await byTable(linkOf(from, name, field).table, 'target_id'));
      if (field.kind !== 'items') continue;
      const table = collectionTable(from.table, name);
      for (const [inner, innerField] of Object.entries(field.fields)) {
        if (innerField.kind === 'reference' && innerField.target === type) await note(from, name, await byTable(table, `${inner}_id`));
        if (innerField.kind === 'references' && innerField.target === type)
          await note(from, name, await byTable(collectionTable(table, inner), 'target_id'));
      }
    }
  }
  return found;
}

/** Writes the audit row of a change and answers the record with what changed. */
async function report(
  work: Work,
  definition: RecordDefinition,
  old: { readonly stored: StoredRecord; readonly presented: AnyRecord } | null,
  after: StoredRecord,
  warnings: readonly ErrorDetail[],
  flags: { readonly created?: true },
): Promise<AnyChanged> {
  if (old === null) await writeInverse(work, definition, null, after, Object.keys(definition.fields));
  const record = await presentOne(work, definition, after);
  const { fields } = definition;
  const own =
    old === null
      ? Object.keys(fields).filter((name) => !isEmpty(fields[name] as Field, after.values[name]))
      : changedFields(fields, old.stored.values, after.values);
  const extra = ['deletedAt', 'internalKey'].filter((name) => (old?.presented[name] ?? null) !== (record[name] ?? null));
  const names = [...own, ...extra];
  const before = old === null ? null : audited(fields, names, old.presented);
  const now = audited(fields, names, record);
  const entry: AuditEntry = {
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
  };
  await writeAudit(work.queries, scopeOf(work, definition, after.id), entry);
  return {
    ...record,
    changed: true,
    changes: fieldChanges(names, before ?? {}, now),
    warnings,
    ...flags,
    ...(work.dryRun ? { dryRun: true as const } : {}),
  };
}

const isEmpty = (field: Field, value: unknown): boolean =>
  value === null || value === undefined || (isCollection(field) && (value as readonly unknown[]).length === 0);

function actionOf(old: { readonly stored: StoredRecord } | null, after: StoredRecord): AuditEntry['action'] {
  if (old === null) return 'CREATE';
  if (old.stored.deletedAt === after.deletedAt) return 'UPDATE';
  return after.deletedAt === null ? 'RESTORE' : 'DELETE';
}

/** A client's own row belongs to itself, so that its key begins with the client like every other (spec section 8). */
const scopeOf = (work: Work, definition: RecordDefinition, id: Id): Id =>
  definition.objectType === 'Client' ? id : work.client.id;

async function presentOne(work: Work, definition: RecordDefinition, record: StoredRecord): Promise<AnyRecord> {
  const [presented] = await present(work.queries, scopeOf(work, definition, record.id), definition, [record]);
  return presented as AnyRecord;
}

/** Records as they are answered, deleted ones too, in the order of `ids`. */
export async function readRecords(work: Work, definition: RecordDefinition, ids: readonly Id[]): Promise<readonly AnyRecord[]> {
  const stored = await loadRecords(work.queries, work.client.id, definition, ids);
  return present(work.queries, work.client.id, definition, stored);
}
