import type { ExclusionLinkInput } from '../contract/exclusion.ts';
import type { Stored } from '../db/codec.ts';
import { recurringTrip } from '../records/recurring-trip.ts';
import { quote } from '../values/error.ts';
import type { Id } from '../values/id.ts';
import { parseTimeOfDay } from '../values/time-of-day.ts';
import { changeRecord } from './change.ts';
import { refuseInput } from './input.ts';
import { resolveReference } from './references.ts';
import type { AnyChanged } from './report.ts';
import { storedRecord } from './scoped.ts';
import type { Work } from './work.ts';

/** Links a recurring trip, or its times at one hour. Linking what is linked changes nothing. */
export const linkExclusion = (work: Work, input: ExclusionLinkInput): Promise<AnyChanged> =>
  editLinks(work, input, true);
export const unlinkExclusion = (work: Work, input: ExclusionLinkInput): Promise<AnyChanged> =>
  editLinks(work, input, false);

interface Link {
  readonly group: Id;
  readonly timeId: Id | null;
}

async function editLinks(work: Work, input: ExclusionLinkInput, linked: boolean): Promise<AnyChanged> {
  const group = await resolveReference(work, 'ScheduleExclusionGroup', input.ref, 'group');
  const id = await resolveReference(work, 'RecurringTrip', input.recurring, 'recurring');
  const run = await storedRecord(work, recurringTrip, id);
  const timeIds: readonly (Id | null)[] =
    input.time === undefined ? [null] : timesAt(run.values, input.time, input.recurring);
  const touches = (link: Link) =>
    link.group === group && (timeIds.includes(link.timeId) || (!linked && input.time === undefined));
  return changeRecord(
    work,
    recurringTrip,
    id,
    (values) => {
      const links = values['exclusionLinks'] as readonly Link[];
      const fresh = timeIds.filter(
        (timeId) => !links.some((link) => link.group === group && link.timeId === timeId),
      );
      return {
        ...values,
        exclusionLinks: linked
          ? [...links, ...fresh.map((timeId) => ({ group, timeId }))]
          : links.filter((link) => !touches(link)),
      };
    },
    { given: ['exclusionLinks'] },
  );
}

/** The ids of the times that go out at `text`; INVALID names those there are. */
export function timesAt(values: Stored, text: string, ref: string): readonly Id[] {
  const times = values['times'] as readonly { readonly id: Id; readonly time: string }[];
  const wanted = typeof text === 'string' ? parseTimeOfDay(text) : undefined;
  const found = times.filter((time) => time.time === wanted).map((time) => time.id);
  if (found.length > 0) return found;
  const there = [...new Set(times.map((time) => time.time))].join(', ');
  const what = wanted === undefined ? 'is not a time of day' : `is no time of ${quote(ref)}`;
  throw refuseInput('time', text, what, there === '' ? 'it has no times yet' : `it goes out at ${there}`);
}
