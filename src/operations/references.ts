import type { Beginning } from '../db/listing.ts';
import { type Among, existsById, findByHandle, MOST_FOUND, someHandles } from '../db/lookup.ts';
import { present } from '../db/present.ts';
import { loadRecords } from '../db/record-store.ts';
import type { NaturalHandle, RecordDefinition, Values } from '../records/definition.ts';
import { displayName, fullName } from '../records/display.ts';
import type { Field, ObjectType } from '../records/field.ts';
import { definitionOf } from '../records/registry.ts';
import { quote, TphError } from '../values/error.ts';
import { type Id, looksLikeId, parseId } from '../values/id.ts';
import { nearest } from '../values/nearest.ts';
import { fold } from '../values/text.ts';
import { hiddenDepartments } from './hidden-departments.ts';
import { refuseInput } from './input.ts';
import { holderOfKey } from './keys.ts';
import type { Work } from './work.ts';

/**
 * The id of the record that `text` names, in any form of spec section 2. NOT_FOUND with near spellings, or CONFLICT
 * with the candidates. Near spellings are what takes long: `suggests` false leaves them out.
 */
export async function resolveReference(
  work: Work,
  type: ObjectType,
  text: string,
  field: string,
  among: Among = 'live',
  suggests = true,
): Promise<Id> {
  const id = await resolveAny(work, type, text, field, among, suggests);
  if (type !== 'AccountDepartment' || !(await hiddenDepartments(work)).has(id)) return id;
  throw notFound(definitionOf(type), text, field, undefined);
}

async function resolveAny(
  work: Work,
  type: ObjectType,
  text: string,
  field: string,
  among: Among,
  suggests: boolean,
): Promise<Id> {
  const definition = definitionOf(type);
  if (typeof text !== 'string' || text.trim() === '')
    throw refuseInput(
      field,
      text,
      'is not a reference',
      'give an id such as G123, key:<internalKey>, or a name',
    );
  const id = parseId(text);
  if (id !== undefined) {
    if (await existsById(work.queries, work.client.id, definition, id, among)) return id;
    throw notFound(definition, text, field, undefined);
  }
  if (looksLikeId(text))
    throw refuseInput(field, text, 'is no id', 'ids run from G1 to G9223372036854775807');
  if (/^key:/i.test(text)) {
    const state = among === 'deleted' ? 'deleted' : 'live';
    const holder = await holderOfKey(work, type, text.slice(4).trim(), state);
    if (holder !== undefined) return holder.objectId;
    throw notFound(definition, text, field, `no ${state} record has this internal key`);
  }
  for (const handle of definition.handles) {
    const ids = await idsByHandle(work, definition, handle, text, field, among);
    const [only] = ids;
    if (only !== undefined && ids.length === 1) return only;
    if (ids.length > 1) return singleOut(work, definition, handle, ids, text, field);
  }
  throw notFound(definition, text, field, suggests ? await suggestions(work, definition, text) : undefined);
}

async function idsByHandle(
  work: Work,
  definition: RecordDefinition,
  handle: NaturalHandle,
  text: string,
  field: string,
  among: Among,
): Promise<readonly Id[]> {
  const find = (value: string, parent?: Id) =>
    findByHandle(work.queries, work.client.id, definition, handle, value, among, parent);
  if (handle.within !== undefined) {
    const found: Id[] = [];
    for (const { parent, own } of splits(text)) {
      const parentId = await parentOf(work, definition, handle.within, parent, field);
      if (parentId !== undefined) found.push(...(await find(fold(own), parentId)));
    }
    return found;
  }
  const value = await lookupForm(work, definition, handle, text);
  return value === undefined ? [] : find(value);
}

/** `ACME/Sales/North` may be `ACME` and `Sales/North`, or `ACME/Sales` and `North`. */
function* splits(text: string): Generator<{ readonly parent: string; readonly own: string }> {
  for (let at = text.indexOf('/'); at >= 0; at = text.indexOf('/', at + 1))
    yield { parent: text.slice(0, at).trim(), own: text.slice(at + 1).trim() };
}

async function parentOf(
  work: Work,
  definition: RecordDefinition,
  within: string,
  text: string,
  field: string,
): Promise<Id | undefined> {
  const parent = definition.fields[within] as Field & { kind: 'reference' };
  try {
    return await resolveReference(work, parent.target, text, field);
  } catch (error) {
    if (error instanceof TphError && error.code === 'NOT_FOUND') return undefined;
    throw error;
  }
}

/** How a handle's text is looked up: folded, as E.164, or not at all where it cannot be one. */
export async function lookupForm(
  work: Work,
  definition: RecordDefinition,
  handle: NaturalHandle,
  text: string,
): Promise<string | undefined> {
  const field = handle.fields.length === 1 ? definition.fields[handle.fields[0] ?? ''] : undefined;
  if (field?.kind !== 'text' || field.fold) return fold(text);
  if (field.format === 'phone') {
    if (!/\d/.test(text)) return undefined;
    const { parsePhone } = await import('../values/phone.ts');
    const parsed = parsePhone(text, work.client.country);
    return parsed.ok ? parsed.e164 : undefined;
  }
  if (field.format === 'email') return text.includes('@') ? text.trim().toLowerCase() : undefined;
  return text;
}

/** What the handles of a kind begin with whose beginning `text` is, each in its look-up form. */
export async function beginnings(
  work: Work,
  definition: RecordDefinition,
  text: string,
): Promise<readonly Beginning[]> {
  const found: Beginning[] = [];
  for (const handle of definition.handles) {
    const field = handle.fields.length === 1 ? definition.fields[handle.fields[0] ?? ''] : undefined;
    if (field?.kind === 'text' && field.format === 'phone') {
      const { phoneBeginnings } = await import('../values/phone.ts');
      const numbers = /\d/.test(text) ? phoneBeginnings(text, work.client.country) : [];
      found.push(...numbers.map((number) => ({ handle, text: number })));
    } else if (field?.kind === 'text' && field.format === 'email')
      found.push({ handle, text: text.trim().toLowerCase() });
    else found.push({ handle, text: fold(text) });
  }
  return found;
}

/** Several records share the folded handle: one that is spelt exactly so wins, otherwise it is for a person to say. */
async function singleOut(
  work: Work,
  definition: RecordDefinition,
  handle: NaturalHandle,
  ids: readonly Id[],
  text: string,
  field: string,
): Promise<Id> {
  const stored = await loadRecords(work.queries, work.client.id, definition, ids);
  const spelt = stored.filter((record) => {
    const values = record.values as Values;
    const own = handle.fields.length > 1 ? fullName(values) : values[handle.fields[0] ?? ''];
    return own === text;
  });
  const [only] = spelt;
  if (only !== undefined && spelt.length === 1) return only.id;
  const records = await present(work.queries, work.client.id, definition, stored);
  const message = `${quote(text)} fits ${ids.length < MOST_FOUND ? ids.length : `${MOST_FOUND} or more`} ${definition.plural}`;
  throw new TphError('CONFLICT', message, {
    hint: `name one by its id: ${records
      .slice(0, 5)
      .map((record) => `${record.id} ${displayName(definition.objectType, record)}`)
      .join(', ')}`,
    details: [
      {
        field,
        value: text,
        message,
        objectType: definition.objectType,
        candidates: records.map((record) => ({
          id: record.id,
          name: displayName(definition.objectType, record),
          ...Object.fromEntries(
            definition.columns
              .filter((name) => name !== 'id')
              .slice(0, 4)
              .map((name) => [name, record[name]]),
          ),
        })),
      },
    ],
  });
}

/** NOT_FOUND for a reference that names nothing; without a hint the command that lists the kind. */
export function notFound(
  definition: RecordDefinition,
  text: string,
  field: string,
  hint: string | undefined,
): TphError {
  const message = `there is no ${definition.title} ${quote(text)}`;
  const way = hint ?? `list them with \`tph ${definition.noun} list\``;
  return new TphError('NOT_FOUND', message, {
    hint: way,
    details: [{ field, value: text.slice(0, 200), message, hint: way, objectType: definition.objectType }],
  });
}

/** `did you mean …?`, or how the record can be named at all. */
async function suggestions(
  work: Work,
  definition: RecordDefinition,
  text: string,
): Promise<string | undefined> {
  // A near spelling would tell of a department that whoever asks may not see.
  if (definition.objectType === 'AccountDepartment' && work.viewerGroups !== null) return undefined;
  const near: string[] = [];
  for (const handle of definition.handles) {
    if (handle.within !== undefined) {
      if (!text.includes('/')) return `name it as ${handle.name}, such as \`ACME/Sales\``;
      const { parent, own } = splits(text).next().value as { parent: string; own: string };
      const parentId = await parentOf(work, definition, handle.within, parent, '');
      if (parentId === undefined) {
        const field = definition.fields[handle.within] as Field & { kind: 'reference' };
        const hint = await suggestions(work, definitionOf(field.target), parent);
        return `there is no account ${quote(parent)}${hint === undefined ? '' : `; ${hint}`}`;
      }
      const handles = await someHandles(
        work.queries,
        work.client.id,
        definition,
        handle,
        fold(own),
        parentId,
      );
      near.push(...nearest(own, handles, 3).map((name) => `${parent}/${name}`));
      continue;
    }
    const handles = await someHandles(work.queries, work.client.id, definition, handle, fold(text));
    near.push(...nearest(text, handles, 3));
  }
  const named = [...new Set(near)].slice(0, 3);
  if (named.length > 0) return `did you mean ${named.map(quote).join(' or ')}?`;
  return definition.handles.length === 0
    ? `a ${definition.title} is named by its id, such as G123, or key:<internalKey>`
    : undefined;
}
