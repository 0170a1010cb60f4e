import type { Stored } from '../../db/codec.ts';
import type { StoredRecord } from '../../db/record-store.ts';
import { type ErrorDetail, invalid, quote } from '../../values/error.ts';
import type { Id } from '../../values/id.ts';
import { canonical } from '../difference.ts';
import type { Rules } from '../rules.ts';
import { newIds, type Work } from '../work.ts';
import { checkCharged, withAccountOfDepartment } from './charged.ts';

interface Time {
  readonly id: Id | null;
  readonly time: string;
  readonly weekdays: readonly string[];
  readonly isReturn: boolean;
}
interface Link {
  readonly group: Id;
  readonly timeId: Id | null;
  /** In place of `timeId`: all times at this hour, or of these the way back or out alone (see LinkTimes). */
  readonly time?: string;
  readonly isReturn?: boolean;
}

const timesOf = (values: Stored | undefined): readonly Time[] => (values?.['times'] ?? []) as readonly Time[];
const linksOf = (values: Stored): readonly Link[] => (values['exclusionLinks'] ?? []) as readonly Link[];

/** Times keep their ids, new ones get one, and links to times that are gone go with them. */
async function completeRecurring(
  work: Work,
  values: Stored,
  before: StoredRecord | null,
  given: readonly string[],
): Promise<Stored> {
  const charged = await withAccountOfDepartment(work, values);
  refuseForeignIds(timesOf(charged), timesOf(before?.values));
  const times = await withIds(work, timesOf(charged), timesOf(before?.values));
  const kept = new Set(times.map((time) => time.id));
  const named = linksOf(charged).flatMap((link) => withTimeIds(link, times));
  const links = uniqueLinks(named).filter(
    (link) => given.includes('exclusionLinks') || link.timeId === null || kept.has(link.timeId),
  );
  return { ...charged, times, exclusionLinks: links };
}

function withTimeIds({ time, isReturn, ...link }: Link, times: readonly Time[]): readonly Link[] {
  if (time === undefined) return [link];
  const found = times.filter(
    (one) => one.time === time && (isReturn === undefined || one.isReturn === isReturn),
  );
  if (found.length > 0) return found.map(({ id }) => ({ ...link, timeId: id }));
  const back = isReturn === undefined ? '' : isReturn ? ' on the way back' : ' on the way out';
  const message = `an exclusion link names the time ${time}${back}, at which the trip does not go out`;
  const there = [...new Set(times.map((one) => one.time))].join(', ');
  const hint = there === '' ? 'give it times, or leave the time out' : `it goes out at ${there}`;
  throw invalid(message, hint, [{ field: 'exclusionLinks', value: time, message, hint }]);
}

/** The program gives out the ids of times; input only repeats those that a time has. */
function refuseForeignIds(times: readonly Time[], before: readonly Time[]): void {
  const foreign = times.find((time) => time.id !== null && !before.some((one) => one.id === time.id));
  if (foreign === undefined) return;
  const message = `${quote(foreign.id)} is the id of no time of this recurring trip`;
  const hint = 'leave the id of a new time out';
  throw invalid(message, hint, [{ field: 'times', value: String(foreign.id), message, hint }]);
}

async function withIds(
  work: Work,
  times: readonly Time[],
  before: readonly Time[],
): Promise<readonly Time[]> {
  const asGiven = claimIds(times, before, (time) => canonical({ ...time, id: null }));
  // A run whose weekdays or end changed is still that run: its links stay, and a day that has its trip gets no second.
  const known = claimIds(asGiven, before, ({ time, isReturn }) => `${time} ${isReturn}`);
  const fresh = await newIds(work, known.filter((time) => time.id === null).length);
  return known.map((time) => (time.id === null ? { ...time, id: fresh.shift() ?? null } : time));
}

/** Gives times without an id that of a former time which looks the same and is not taken, one each, in order. */
function claimIds(
  times: readonly Time[],
  before: readonly Time[],
  looks: (time: Time) => string,
): readonly Time[] {
  const taken = new Set(times.map((time) => time.id));
  const free = before.filter((time) => !taken.has(time.id));
  return times.map((time) => {
    const at = time.id === null ? free.findIndex((former) => looks(former) === looks(time)) : -1;
    const [former] = at < 0 ? [] : free.splice(at, 1);
    return former === undefined ? time : { ...time, id: former.id };
  });
}

function uniqueLinks(links: readonly Link[]): readonly Link[] {
  return [...new Map(links.map((link) => [`${link.group} ${link.timeId ?? ''}`, link])).values()];
}

async function checkRecurring(
  work: Work,
  values: Stored,
  before: StoredRecord | null,
): Promise<readonly ErrorDetail[]> {
  const problems = [...(await checkCharged(work, values))];
  const known = new Set(timesOf(before?.values).map((time) => time.id));
  const ids = new Set<Id | null>();
  for (const { id } of timesOf(values)) {
    if (ids.has(id))
      problems.push({
        field: 'times',
        value: id ?? '',
        message: `the time id ${id} stands twice`,
        hint: 'leave the id of a new time out',
      });
    ids.add(id);
  }
  for (const { timeId } of linksOf(values)) {
    if (timeId === null || ids.has(timeId)) continue;
    const hint = known.has(timeId)
      ? 'keep the time, or drop the link'
      : 'name one of its times, or none for the whole trip';
    problems.push({
      field: 'exclusionLinks',
      value: timeId,
      message: `${quote(timeId)} is no time of this recurring trip`,
      hint,
    });
  }
  return problems;
}

/** What is allowed, but hardly meant: two times that coincide send two cars; a time that goes takes its links along. */
function warnOfTimes(_work: Work, values: Stored, before: StoredRecord | null): readonly ErrorDetail[] {
  const times = timesOf(values);
  const linked = new Set(before === null ? [] : linksOf(before.values).map((link) => link.timeId));
  const lost = timesOf(before?.values)
    .filter((time) => linked.has(time.id) && !times.some((one) => one.id === time.id))
    .map(({ time }) => ({
      field: 'times',
      value: time,
      message: `the time ${time} is gone, and with it its own links to exclusion groups`,
      hint: 'link the time that takes its place with `tph exclusion link … --time HH:MM`',
    }));
  const doubles = times.flatMap((time, index) => {
    const twin = times
      .slice(0, index)
      .find((other) => other.time === time.time && other.weekdays.some((day) => time.weekdays.includes(day)));
    return twin === undefined
      ? []
      : [
          {
            field: 'times',
            value: time.time,
            message: `two times go out at ${time.time} on the same weekday`,
            hint: 'remove one unless two cars are meant',
          },
        ];
  });
  return [...lost, ...doubles];
}

export const recurringTripRules: Rules = {
  complete: completeRecurring,
  check: checkRecurring,
  warn: warnOfTimes,
};
