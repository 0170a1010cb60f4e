import type { ListInput, Page } from '../contract/change.ts';
import { findByBeginning } from '../db/lookup.ts';
import { listIds } from '../db/listing.ts';
import type { AnyRecord, RecordDefinition } from '../records/definition.ts';
import type { ObjectType } from '../records/field.ts';
import { type Filter, filtersOf } from '../records/filters.ts';
import { definitionOf } from '../records/registry.ts';
import { type ExclusionGroup, resumeDue } from '../resolver/release.ts';
import { isDay } from '../values/day.ts';
import { invalid, quote, TphError } from '../values/error.ts';
import { type Id, parseId } from '../values/id.ts';
import { isInstant, type Instant } from '../values/instant.ts';
import { nearest } from '../values/nearest.ts';
import { fold } from '../values/text.ts';
import { resolveReference } from './references.ts';
import { readRecords } from './write.ts';
import type { Work } from './work.ts';

/** One live record; by its id also a deleted one. */
export async function getRecord(work: Work, type: ObjectType, ref: string): Promise<AnyRecord> {
  const definition = definitionOf(type);
  const id = await resolveReference(work, type, ref, 'ref', parseId(ref) === undefined ? 'live' : 'all');
  const [record] = await readRecords(work, definition, [id]);
  if (record === undefined) throw new TphError('NOT_FOUND', `there is no ${definition.title} ${quote(ref)}`);
  return asRead(work, record);
}

/** Spec section 4.2: where the database takes no writes, a revert that is due is computed instead of stored. */
function asRead(work: Work, record: AnyRecord): AnyRecord {
  if (record.__objectType !== 'ScheduleExclusionGroup' || !work.readOnly) return record;
  if (!resumeDue(record as unknown as ExclusionGroup, work.today)) return record;
  return { ...record, mode: 'RUN_SCHEDULE', scheduleResumeDay: null };
}

const DEFAULT_LIMIT = 100;

/** A page of records, filtered; by id, or by change date when asked for changes. */
export async function listRecords(work: Work, type: ObjectType, input: ListInput): Promise<Page<AnyRecord>> {
  const definition = definitionOf(type);
  const limit = input.limit ?? DEFAULT_LIMIT;
  if (!Number.isInteger(limit) || limit < 1 || limit > 500)
    throw refuseInput('limit', limit, 'is not a whole number from 1 to 500', 'give a limit from 1 to 500');
  const filters = await filterValues(work, definition, input);
  if (input.search !== undefined && input.search !== '') return searched(work, definition, input.search, limit);
  const since = instantInput(input.updatedSince, 'updatedSince');
  const found = await listIds(work.queries, work.client.id, definition, {
    limit: limit + 1,
    after: input.cursor === undefined ? undefined : decodeCursor(input.cursor),
    deleted: input.deleted === true,
    updatedSince: since,
    filters,
    ...liveness(work, definition, input),
  });
  const page = found.slice(0, limit);
  const last = page.at(-1);
  const records = await readRecords(work, definition, page.map((row) => row.id));
  return {
    items: records.map((record) => asRead(work, record)),
    nextCursor: found.length > limit && last !== undefined ? encodeCursor(last.id, since === undefined ? null : last.updatedDate) : null,
  };
}

async function searched(work: Work, definition: RecordDefinition, text: string, limit: number): Promise<Page<AnyRecord>> {
  const ids = await findByBeginning(work.queries, work.client.id, definition, fold(text), limit);
  return { items: await readRecords(work, definition, ids), nextCursor: null };
}

function instantInput(value: unknown, name: string): Instant | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'number' && isInstant(value)) return value;
  throw refuseInput(name, value, 'is not a time in Unix seconds', 'give whole seconds since 1970');
}

const refuseInput = (field: string, value: unknown, what: string, hint: string) =>
  invalid(`${field} ${quote(value)} ${what}`, hint, [{ field, value: String(value), message: `${field} ${what}`, hint }]);

/** Preferences are live while they have no expiry or it has not come (spec section 4.1). */
function liveness(work: Work, definition: RecordDefinition, input: ListInput) {
  const { live, expired, expiringWithin } = input;
  if (live === undefined && expired === undefined && expiringWithin === undefined) return {};
  if (!Object.hasOwn(definition.fields, 'expiresAt'))
    throw invalid(`${definition.plural} do not expire`, 'leave out live, expired and expiring');
  return {
    ...(live === true || expired === false ? { liveAt: work.now } : {}),
    ...(expired === true || live === false ? { lapsedAt: work.now } : {}),
    ...(expiringWithin === undefined
      ? {}
      : { lapsing: { from: work.now, until: (work.now + expiringWithin) as Instant } }),
  };
}

const plainInputs = ['limit', 'cursor', 'updatedSince', 'deleted', 'search', 'live', 'expired', 'expiringWithin'];

async function filterValues(work: Work, definition: RecordDefinition, input: ListInput): Promise<[Filter, unknown][]> {
  const known = filtersOf(definition);
  const used: [Filter, unknown][] = [];
  for (const [name, value] of Object.entries(input)) {
    if (value === undefined || plainInputs.includes(name)) continue;
    const filter = known.find((one) => one.name === name);
    if (filter === undefined) {
      const names = known.map((one) => one.name);
      const near = nearest(name, names, 1)[0];
      throw invalid(`${definition.plural} cannot be filtered by ${quote(name)}`, near === undefined ? `filter by ${names.join(', ')}` : `did you mean ${near}?`);
    }
    used.push([filter, await filterValue(work, filter, value)]);
  }
  return used;
}

async function filterValue(work: Work, filter: Filter, value: unknown): Promise<unknown> {
  switch (filter.kind) {
    case 'reference': {
      const text = typeof value === 'object' && value !== null && 'id' in value ? String(value.id) : String(value);
      return resolveReference(work, filter.target as ObjectType, text, filter.name, parseId(text) === undefined ? 'live' : 'all');
    }
    case 'choice': {
      const choice = String(value).toUpperCase();
      if (filter.values?.includes(choice) !== true)
        throw refuseInput(filter.name, value, 'is not one of the values', `give one of ${filter.values?.join(', ')}`);
      return choice;
    }
    case 'boolean':
      if (typeof value !== 'boolean') throw refuseInput(filter.name, value, 'is neither true nor false', 'give true or false');
      return value;
    case 'day':
      if (typeof value !== 'number' || !isDay(value)) throw refuseInput(filter.name, value, 'is not a day', 'give a day as YYYYMMDD');
      return value;
    case 'tag':
      return String(value);
  }
}

/** Where a page ended; opaque to callers. */
function encodeCursor(id: Id, updatedDate: Instant | null): string {
  return Buffer.from(`${updatedDate ?? ''}:${id}`).toString('base64url');
}

export function decodeCursor(cursor: string): { readonly id: Id; readonly updatedDate: Instant | null } {
  const [date, id] = Buffer.from(cursor, 'base64url').toString('latin1').split(':');
  const parsed = parseId(id ?? '');
  const seconds = date === '' ? null : Number(date);
  if (parsed === undefined || (seconds !== null && !Number.isInteger(seconds)))
    throw refuseInput('cursor', cursor, 'is not one that was given out', 'pass `nextCursor` of the page before, unchanged');
  return { id: parsed, updatedDate: seconds as Instant | null };
}

