import type { ListInput, Page } from '../contract/change.ts';
import { listIds } from '../db/listing.ts';
import { chosen } from '../records/choice.ts';
import type { AnyRecord, RecordDefinition } from '../records/definition.ts';
import type { ObjectType } from '../records/field.ts';
import { type Filter, filtersOf, isFieldOf } from '../records/filters.ts';
import { definitionOf } from '../records/registry.ts';
import { type ExclusionGroup, resumeDue } from '../resolver/release.ts';
import { invalid, quote, TphError } from '../values/error.ts';
import { type Id, parseId } from '../values/id.ts';
import type { Instant } from '../values/instant.ts';
import { nearest } from '../values/nearest.ts';
import { countInput, dayInput, flagInput, referenceInput, refuseInput, textInput } from './input.ts';
import { isPageInput, pageInput, pageOf } from './page.ts';
import { beginnings, resolveReference } from './references.ts';
import { readRecords } from './scoped.ts';
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
  if (record.__objectType !== 'ScheduleExclusionGroup' || work.storesReverts) return record;
  if (!resumeDue(record as unknown as ExclusionGroup, work.today)) return record;
  return { ...record, mode: 'RUN_SCHEDULE', scheduleResumeDay: null };
}

/** A page of records, filtered; by id, or by change date when asked for changes. `only` leaves out all others. */
export async function listRecords(
  work: Work,
  type: ObjectType,
  input: ListInput,
  only?: Id,
): Promise<Page<AnyRecord>> {
  const definition = definitionOf(type);
  const list = `${work.client.id} ${type}`;
  const { limit, after, since } = pageInput(list, input);
  const search = input.search === undefined ? '' : textInput(input.search, 'search');
  const found = await listIds(work.queries, work.client.id, definition, {
    limit: limit + 1,
    after,
    deleted: flagInput(input.deleted, 'deleted'),
    updatedSince: since,
    only,
    filters: await filterValues(work, definition, input),
    ...(search === '' ? {} : { search: await beginnings(work, definition, search) }),
    ...(type === 'AccountDepartment' && work.viewerGroups !== null ? { visibleTo: work.viewerGroups } : {}),
    ...liveness(work, definition, input),
  });
  const records = await readRecords(
    work,
    definition,
    found.map((row) => row.id),
  );
  return pageOf(
    list,
    input,
    records.map((record) => asRead(work, record)),
    limit,
  );
}

/** Preferences are live while they have no expiry or it has not come (spec section 4.1). */
function liveness(work: Work, definition: RecordDefinition, input: ListInput) {
  const given = ['live', 'expired', 'expiringWithin'].find((name) => input[name] !== undefined);
  if (given === undefined) return {};
  if (!Object.hasOwn(definition.fields, 'expiresAt'))
    throw refuseInput(
      given,
      input[given],
      `means nothing: ${definition.plural} do not expire`,
      'leave it out',
    );
  const live = input.live === undefined ? undefined : flagInput(input.live, 'live');
  const expired = input.expired === undefined ? undefined : flagInput(input.expired, 'expired');
  const within = countInput(input.expiringWithin, 'expiringWithin', [0, LONGEST_WITHIN], 0);
  return {
    ...(live === true || expired === false ? { liveAt: work.now } : {}),
    ...(expired === true || live === false ? { lapsedAt: work.now } : {}),
    ...(input.expiringWithin === undefined
      ? {}
      : { lapsing: { from: work.now, until: (work.now + within) as Instant } }),
  };
}

/** A hundred years, in seconds. */
const LONGEST_WITHIN = 3_155_760_000;
const livenessInputs = ['live', 'expired', 'expiringWithin'];

async function filterValues(
  work: Work,
  definition: RecordDefinition,
  input: ListInput,
): Promise<[Filter, unknown][]> {
  const known = filtersOf(definition);
  const used: [Filter, unknown][] = [];
  for (const [name, value] of Object.entries(input)) {
    if (value === undefined || isPageInput(name) || livenessInputs.includes(name)) continue;
    const filter = known.find((one) => one.name === name || isFieldOf(one, name));
    if (filter !== undefined && filter.name !== name && input[filter.name] !== undefined)
      throw refuseInput(name, value, `is given as ${filter.name} too`, 'give one of them');
    if (filter === undefined) {
      const names = known.map((one) => one.name);
      const near = nearest(name, names, 1)[0];
      const message = `${definition.plural} cannot be filtered by ${quote(name)}`;
      const hint =
        near === undefined ? `filter by ${names.join(', ') || 'nothing'}` : `did you mean ${near}?`;
      throw invalid(message, hint, [{ field: name, message, hint }]);
    }
    used.push([filter, await filterValue(work, filter, value)]);
  }
  return used;
}

async function filterValue(work: Work, filter: Filter, value: unknown): Promise<unknown> {
  switch (filter.kind) {
    case 'reference': {
      const text = referenceInput(value, filter.name);
      const among = parseId(text) === undefined ? 'live' : 'all';
      return resolveReference(work, filter.target as ObjectType, text, filter.name, among);
    }
    case 'choice': {
      const { values = [], aliases } = filter;
      const choice = chosen(String(value), { values, aliases });
      if (choice !== undefined) return choice;
      throw refuseInput(filter.name, value, 'is not one of the values', `give one of ${values.join(', ')}`);
    }
    case 'boolean':
      return flagInput(value, filter.name);
    case 'day':
      return dayInput(value, filter.name);
    case 'tag':
      return textInput(value, filter.name);
  }
}
