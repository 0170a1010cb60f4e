import type { InputOf, OperationName } from '../contract/api.ts';
import type { Page } from '../contract/change.ts';
import { typeOfOperation } from '../contract/names.ts';
import type { AnyRecord } from '../records/definition.ts';
import type { ObjectType } from '../records/field.ts';
import { type Filter, filtersOf } from '../records/filters.ts';
import { definitionOf } from '../records/registry.ts';
import { invalid, quote, TphError } from '../values/error.ts';
import { type Id, parseId } from '../values/id.ts';
import { carryOut } from './carry-out.ts';
import { referenceInput, refuseInput } from './input.ts';
import { getRecord, listRecords } from './read.ts';
import { notFound, resolveReference } from './references.ts';
import type { Work } from './work.ts';

type Input = Readonly<Record<string, unknown>>;
type Ids = Readonly<Record<string, Id>>;

/** What an app asks for, and what of it is its own. */
export interface Asked {
  /** The driver or customer whose rows the app reads. */
  readonly subject: Id;
  readonly subjectType: ObjectType;
  /** The field of the rows that names the subject; `id` where the row is the subject itself. */
  readonly own: Ids;
  /** The parents that a path names. */
  readonly parents: Ids;
  /** What the app is shown of an answer. */
  readonly seen: (output: unknown) => unknown;
}

/**
 * Answers an app from its own rows (spec section 6). A row of somebody else and one that nobody has are refused in
 * the same words, so that an app cannot find out by asking whether there is one.
 */
export async function answerOwn(
  work: Work,
  name: OperationName,
  input: Input,
  asked: Asked,
): Promise<unknown> {
  const own = { ...asked.parents, ...asked.own };
  if (name === 'reference.resolve') {
    const among = input['among'] === 'deleted' ? 'deleted' : 'live';
    return { id: await ownId(work, input['objectType'] as ObjectType, input['ref'], 'ref', own, among) };
  }
  const type = typeOfOperation(name) as ObjectType;
  if (name.endsWith('.list')) return ownList(work, type, input, asked);
  const ref = await ownId(work, type, input['ref'], 'ref', own);
  return carryOut(work, name, { ...input, ref } as InputOf<OperationName>);
}

/**
 * Whether a record, as it is answered, refers to a parent through a field, or through what a filter of that name looks
 * into, such as the `customer` of a trip's segments; `id` is the record's own.
 */
export function refersTo(record: AnyRecord, field: string, id: Id): boolean {
  if (field === 'id') return record.id === id;
  if (field in record) return pointsTo(record[field], id);
  const filter = filtersOf(definitionOf(record.__objectType)).find((one) => one.name === field);
  const items = filter?.inner === undefined ? [] : (record[filter.field] as readonly AnyRecord[]);
  return items.some((item) => pointsTo(item[filter?.inner ?? ''], id));
}

function pointsTo(value: unknown, id: Id): boolean {
  const references = (Array.isArray(value) ? value : [value]) as readonly ({ readonly id: Id } | null)[];
  return references.some((reference) => reference?.id === id);
}

/** The id of an own row that `given` names; NOT_FOUND for any other row and for none. */
async function ownId(
  work: Work,
  type: ObjectType,
  given: unknown,
  field: string,
  own: Ids,
  state?: 'live' | 'deleted',
): Promise<Id> {
  const text = referenceInput(given, field);
  const among = state ?? (parseId(text) === undefined ? 'live' : 'all');
  for (const id of await idsOf(work, type, text, field, among)) {
    const record = await getRecord(work, type, id);
    if (Object.entries(own).every(([name, one]) => refersTo(record, name, one))) return id;
  }
  throw notFound(definitionOf(type), text, field, 'an app finds its own rows only');
}

/** The records that a reference may mean. */
async function idsOf(
  work: Work,
  type: ObjectType,
  text: string,
  field: string,
  among: 'live' | 'deleted' | 'all',
): Promise<readonly Id[]> {
  try {
    return [await resolveReference(work, type, text, field, among)];
  } catch (error) {
    if (!(error instanceof TphError) || (error.code !== 'NOT_FOUND' && error.code !== 'CONFLICT'))
      throw error;
    const candidates = error.details.flatMap(({ candidates: some }) => (Array.isArray(some) ? some : []));
    return candidates.map(({ id }: { readonly id: Id }) => id);
  }
}

const NOTHING = { items: [], nextCursor: null } as const;

/** Of an app's own rows those that fit. What others have, or nobody has, fits nothing: neither can be told from the other. */
async function ownList(work: Work, type: ObjectType, input: Input, asked: Asked): Promise<Page<AnyRecord>> {
  const definition = definitionOf(type);
  const filters = filtersOf(definition);
  if (input['search'] !== undefined && definition.handles.length === 0)
    throw refuseInput(
      'search',
      input['search'],
      `finds nothing: ${definition.plural} have no names of their own`,
      'filter by what they refer to',
    );
  const given: Record<string, unknown> = { ...input, ...asked.parents };
  for (const filter of filters)
    if (filter.kind === 'reference' && given[filter.name] !== undefined)
      given[filter.name] = await idToFilterBy(work, filter, given[filter.name], asked);
  const [[field, id] = ['', asked.subject]] = Object.entries(asked.own);
  const isSubject = field === 'id';
  if (!isSubject && given[field] !== undefined && given[field] !== id) return NOTHING;
  try {
    const page = isSubject
      ? await listRecords(work, type, given, id)
      : await listRecords(work, type, { ...given, [field]: id });
    // By what is not shown of a row it cannot be looked for either.
    const inside = filters.filter(({ name, inner }) => inner !== undefined && given[name] !== undefined);
    const fits = (record: AnyRecord) =>
      inside.every(({ name }) => refersTo(asked.seen(record) as AnyRecord, name, given[name] as Id));
    return { ...page, items: page.items.filter(fits) };
  } catch (error) {
    if (error instanceof TphError && error.code === 'NOT_FOUND') return NOTHING;
    throw error;
  }
}

/** An id, which tells nothing but what the rows show; by its name or phone an app names the subject alone. */
async function idToFilterBy(work: Work, filter: Filter, given: unknown, asked: Asked): Promise<Id> {
  const text = referenceInput(given, filter.name);
  const id = parseId(text);
  if (id !== undefined) return id;
  const target = filter.target as ObjectType;
  if (target === asked.subjectType) return ownId(work, target, text, filter.name, { id: asked.subject });
  const message = `an app filters by ids, and ${filter.name} ${quote(text)} is none`;
  const hint = `give the id of the ${definitionOf(target).title}, as its own rows show it`;
  throw invalid(message, hint, [{ field: filter.name, value: text.slice(0, 200), message, hint }]);
}
