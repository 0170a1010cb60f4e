import type { CallOptions, InputOf, OperationName, OutputOf } from '../contract/api.ts';
import type { Page } from '../contract/change.ts';
import type { Viewer } from '../contract/database.ts';
import { entityTag } from '../contract/entity-tag.ts';
import { keepAnswer, keptAnswer } from '../db/idempotency.ts';
import type { AnyRecord } from '../records/definition.ts';
import type { ObjectType } from '../records/field.ts';
import { filtersOf } from '../records/filters.ts';
import { definitionOf, objectTypes } from '../records/registry.ts';
import { quote, TphError } from '../values/error.ts';
import type { Id } from '../values/id.ts';
import { carryOut } from './carry-out.ts';
import { hiddenDepartments } from './hidden-departments.ts';
import { type Permitted, permit } from './permit.ts';
import { getRecord, listRecords } from './read.ts';
import { viewOf } from './view.ts';
import type { Work } from './work.ts';

type Guards = Pick<CallOptions, 'scope' | 'ifMatch' | 'idempotency'>;
type Input = Readonly<Record<string, unknown>>;

/** Carries out one operation for a viewer, in the transaction of `work`, once everything it is tied to holds. */
export async function carryOutGuarded<N extends OperationName>(
  work: Work,
  name: N,
  input: InputOf<N>,
  guards: Guards,
  viewer: Viewer | undefined,
): Promise<OutputOf<N>> {
  const permitted: Permitted =
    viewer === undefined ? { input: input as Input, scope: {} } : permit(work, viewer, name, input as Input);
  const hidden = await hiddenDepartments(work);
  const seen = (output: unknown) => (viewer === undefined ? output : viewOf(viewer, hidden, output));
  const { idempotency } = guards;
  const keeps = idempotency !== undefined && !work.dryRun && !name.startsWith('token.');
  if (keeps) {
    const kept = await keptAnswer(work.queries, work.client.id, idempotency.key, work.now);
    if (kept !== undefined) return replayed(kept, idempotency.fingerprint) as OutputOf<N>;
  }
  try {
    const answer = seen(await checkedAnswer(work, name, permitted, guards, viewer, seen)) as OutputOf<N>;
    if (keeps)
      await keepAnswer(
        work.queries,
        work.client.id,
        idempotency.key,
        { fingerprint: idempotency.fingerprint, answer: JSON.stringify(answer) },
        work.now,
      );
    return answer;
  } catch (error) {
    throw hidden.size > 0 ? withoutHidden(error, hidden) : error;
  }
}

async function checkedAnswer(
  work: Work,
  name: OperationName,
  { input, scope: own }: Permitted,
  { scope = {}, ifMatch }: Guards,
  viewer: Viewer | undefined,
  seen: (output: unknown) => unknown,
): Promise<unknown> {
  const type = typeOf(name);
  const verb = name.slice(name.indexOf('.') + 1);
  if (type !== undefined && verb === 'list' && Object.keys(own).length > 0)
    return ownList(work, type, input, own, scope, seen);
  if (viewer !== undefined && name === 'client.list') return ownClient(work);
  const parents = { ...scope, ...own };
  const ref = input['ref'];
  if (type !== undefined && typeof ref === 'string' && (Object.keys(parents).length > 0 || ifMatch)) {
    const record = await getRecord(work, type, ref);
    if (!Object.entries(parents).every(([field, id]) => refersTo(record, field, id)))
      throw new TphError('NOT_FOUND', `there is no ${definitionOf(type).title} ${quote(ref)} here`, {
        hint: 'the path names a parent that the record does not have',
      });
    if (ifMatch !== undefined) refuseOther(ifMatch, entityTag(seen(record) as object));
  }
  return carryOut(work, name, input as InputOf<OperationName>);
}

function typeOf(name: string): ObjectType | undefined {
  const prefix = name.slice(0, name.indexOf('.'));
  const type = prefix.charAt(0).toUpperCase() + prefix.slice(1);
  return objectTypes.find((one) => one === type);
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

const NOTHING = { items: [], nextCursor: null } as const;

/** Of an app's own rows those that fit. What others have, or nobody has, fits nothing: neither can be told from the other. */
async function ownList(
  work: Work,
  type: ObjectType,
  input: Input,
  own: Readonly<Record<string, Id>>,
  parents: Readonly<Record<string, Id>>,
  seen: (output: unknown) => unknown,
): Promise<Page<AnyRecord>> {
  const [[field, id] = ['', '' as Id]] = Object.entries(own);
  if (field === 'id') {
    const record = await getRecord(work, type, id);
    const { limit: _limit, ...narrowing } = { ...input, ...parents };
    const fits = Object.entries(narrowing).every(
      ([name, value]) => value === undefined || isOwnFilter(type, record, name, value),
    );
    return fits ? { items: [record], nextCursor: null } : NOTHING;
  }
  if (input[field] !== undefined && input[field] !== id) return NOTHING;
  try {
    const page = await listRecords(work, type, { ...input, [field]: id });
    // By what is not shown of a row it cannot be looked for either.
    const inside = filtersOf(definitionOf(type)).filter(
      ({ name, inner }) => inner !== undefined && input[name] !== undefined,
    );
    const fits = (record: AnyRecord) =>
      inside.every(({ name }) => refersTo(seen(record) as AnyRecord, name, input[name] as Id));
    return { ...page, items: page.items.filter(fits) };
  } catch (error) {
    // Even that a name is nearly somebody's is not an app's to know.
    if (error instanceof TphError && (error.code === 'NOT_FOUND' || error.code === 'CONFLICT'))
      return NOTHING;
    throw error;
  }
}

/** Whether the one record that an app sees of a kind fits a filter or the parent of a path; other narrowing fits nothing. */
function isOwnFilter(type: ObjectType, record: AnyRecord, name: string, value: unknown): boolean {
  const filter = filtersOf(definitionOf(type)).find((one) => one.name === name || one.field === name);
  if (filter === undefined) return name === 'deleted' && value === false;
  if (filter.kind === 'reference')
    return typeof value === 'string' && refersTo(record, filter.field, value as Id);
  return record[filter.field] === value;
}

/** A token belongs to one client and sees no other. */
async function ownClient(work: Work): Promise<Page<AnyRecord>> {
  return { items: [await getRecord(work, 'Client', work.client.id)], nextCursor: null };
}

function refuseOther(wanted: readonly string[], tag: string): void {
  if (wanted.includes('*') || wanted.includes(tag)) return;
  const message = 'the record was changed meanwhile';
  const hint = 'read it again, and send the ETag that it has now as If-Match';
  throw new TphError('CONFLICT', message, { hint, details: [{ field: 'If-Match', message, hint }] });
}

function replayed(kept: { readonly fingerprint: string; readonly answer: string }, fingerprint: string) {
  if (kept.fingerprint === fingerprint) return JSON.parse(kept.answer) as unknown;
  const message = 'the idempotency key was used for another request';
  const hint = 'use a new key for each new request';
  throw new TphError('CONFLICT', message, { hint, details: [{ field: 'Idempotency-Key', message, hint }] });
}

/** An error that would tell of a hidden department says only that something stands in the way. */
function withoutHidden(error: unknown, hidden: ReadonlySet<Id>): unknown {
  if (!(error instanceof TphError)) return error;
  const text = JSON.stringify([error.message, error.hint, error.details]);
  const asked = [...text.matchAll(/G\d+/g)].some(([id]) => hidden.has(id as Id));
  if (!asked || error.code === 'NOT_FOUND') return error;
  return new TphError(error.code, 'something that you may not see stands in the way', {
    hint: 'ask an administrator',
  });
}
