import type { scheduleExclusionGroup } from '../records/schedule-exclusion-group.ts';
import { type Day, type Weekday, weekdayOf } from '../values/day.ts';
import { compareIds, type Id } from '../values/id.ts';
import type { Instant } from '../values/instant.ts';
import type { TimeOfDay } from '../values/time-of-day.ts';
import { atLocalTime } from '../values/zone.ts';
import type { OffBecause, SuppressionCause } from './reasons.ts';

export type ExclusionMode = (typeof scheduleExclusionGroup.fields.mode.values)[number];

/** A switch that pauses the recurring trips linked to it (seed: schedule exclusions). */
export interface ExclusionGroup {
  readonly id: Id;
  readonly name: string;
  readonly mode: ExclusionMode;
  /** First and last day off under RUN_SCHEDULE, both inclusive; null is open, both null is no window at all. */
  readonly startDay: Day | null;
  readonly endDay: Day | null;
  /** The first day on which an override has given way to RUN_SCHEDULE. */
  readonly scheduleResumeDay: Day | null;
}

export interface GroupState {
  readonly state: 'ON' | 'OFF';
  /** The mode in force on the day. */
  readonly mode: ExclusionMode;
  /** null while ON. */
  readonly because: OffBecause | null;
  /** The stored mode is an override whose resume day has come by the day asked about. */
  readonly resumed: boolean;
}

export interface RecurringTripTime {
  readonly id: Id;
  readonly time: TimeOfDay;
  readonly weekdays: readonly Weekday[];
  readonly isReturn: boolean;
  /** Last day of this time, inclusive; null: as long as the trip. */
  readonly endDay: Day | null;
}

export interface RecurringTripFacts {
  readonly id: Id;
  readonly ref: string;
  readonly name: string | null;
  readonly active: boolean;
  /** First and last day, both inclusive; null is open. */
  readonly startDay: Day | null;
  readonly endDay: Day | null;
  readonly times: readonly RecurringTripTime[];
  /** `time` null: the whole day. */
  readonly skips: readonly {
    readonly day: Day;
    readonly time: TimeOfDay | null;
    readonly reason: string | null;
  }[];
  /** `timeId` null: the whole trip. */
  readonly links: readonly { readonly group: ExclusionGroup; readonly timeId: Id | null }[];
}

/** All that the decision rests on; only live records. The order of anything in it does not matter. */
export interface ReleaseFacts {
  readonly day: Day;
  readonly client: { readonly id: Id; readonly name?: string };
  /** The client's time zone, IANA. */
  readonly timeZone: string;
  readonly recurringTrips: readonly RecurringTripFacts[];
  /** The trips that `day` has already been given. */
  readonly existing: readonly {
    readonly recurringTrip: Id;
    readonly timeId: Id;
    readonly trip: { readonly id: Id; readonly ref: string };
  }[];
}

export interface Occurrence {
  readonly recurringTrip: { readonly id: Id; readonly ref: string; readonly name: string | null };
  readonly timeId: Id;
  /** The local time as planned; see `clockChange`. */
  readonly time: TimeOfDay;
  readonly isReturn: boolean;
  /** The planned time on that day; the first valid instant after it where the clocks skip it, the first where they repeat it. */
  readonly pickupAt: Instant;
  readonly clockChange: 'SKIPPED' | 'REPEATED' | null;
  readonly outcome: 'RELEASED' | 'SUPPRESSED';
  /** Every cause that holds; empty when released. */
  readonly causes: readonly SuppressionCause[];
  /** The trip that was created for it before, whatever the outcome now. */
  readonly trip: { readonly id: Id; readonly ref: string } | null;
}

/** The answer of spec section 4.2, before anything is created. */
export interface ReleaseDecision {
  readonly day: Day;
  readonly client: { readonly id: Id; readonly name?: string };
  readonly occurrences: readonly Occurrence[];
  /** `existing`: released occurrences that have their trip; `created` is for the caller to fill. */
  readonly summary: {
    readonly occurrences: number;
    readonly released: number;
    readonly suppressed: number;
    readonly created: number;
    readonly existing: number;
  };
}

/** Whether a group lets its trips run on a day, a pure function of the two (spec section 4.2). */
export function groupStateOn(group: ExclusionGroup, day: Day): GroupState {
  const resumed = resumeDue(group, day);
  const mode = resumed ? 'RUN_SCHEDULE' : group.mode;
  switch (mode) {
    case 'RUN_OFF':
      return { state: 'OFF', mode, because: 'RUN_OFF', resumed };
    case 'RUN_ON':
      return { state: 'ON', mode, because: null, resumed };
    case 'RUN_SCHEDULE': {
      const hasWindow = group.startDay !== null || group.endDay !== null;
      const off = hasWindow && isWithin(day, group.startDay, group.endDay);
      return { state: off ? 'OFF' : 'ON', mode, because: off ? 'WINDOW' : null, resumed };
    }
  }
}

/**
 * Whether a group is an override that the client's `today` has run out, so that the next read stores
 * RUN_SCHEDULE (spec section 4.2; seed: `resetIfResumeDue`).
 */
export function resumeDue(group: Pick<ExclusionGroup, 'mode' | 'scheduleResumeDay'>, today: Day): boolean {
  return (
    group.mode !== 'RUN_SCHEDULE' && group.scheduleResumeDay !== null && today >= group.scheduleResumeDay
  );
}

/** Which recurring trips go out on a day, and what holds the others back (spec section 4.2). */
export function decideRelease(facts: ReleaseFacts): ReleaseDecision {
  const release = new DayOfRelease(facts);
  release.add(facts.recurringTrips);
  return release.decision();
}

/** As `decideRelease`, for recurring trips that come some at a time. */
export class DayOfRelease {
  readonly #facts: Omit<ReleaseFacts, 'recurringTrips'>;
  readonly #trips: ReadonlyMap<Id, ReadonlyMap<Id, Trip>>;
  /** By time of day: most days have few, so that little is left to be put in order. */
  readonly #times = new Map<TimeOfDay, OfOneTime>();
  readonly #off = new Map<ExclusionGroup, SuppressionCause | null>();

  constructor(facts: Omit<ReleaseFacts, 'recurringTrips'>) {
    this.#facts = facts;
    const trips = new Map<Id, Map<Id, Trip>>();
    for (const { recurringTrip, timeId, trip } of facts.existing) {
      const own = trips.get(recurringTrip);
      if (own === undefined) trips.set(recurringTrip, new Map([[timeId, trip]]));
      else own.set(timeId, trip);
    }
    this.#trips = trips;
  }

  add(recurringTrips: readonly RecurringTripFacts[]): void {
    const { day } = this.#facts;
    const weekday = weekdayOf(day);
    for (const recurring of recurringTrips) {
      if (!recurring.active || !isWithin(day, recurring.startDay, recurring.endDay)) continue;
      const named = { id: recurring.id, ref: recurring.ref, name: recurring.name };
      const trips = this.#trips.get(recurring.id);
      for (const time of recurring.times) {
        if (!time.weekdays.includes(weekday) || !isWithin(day, null, time.endDay)) continue;
        const { pickup, time: same, occurrences } = this.#at(time.time);
        const causes = this.#causes(recurring, time);
        occurrences.push({
          recurringTrip: named,
          timeId: time.id,
          time: same,
          isReturn: time.isReturn,
          pickupAt: pickup.instant,
          clockChange: pickup.change,
          outcome: causes.length === 0 ? 'RELEASED' : 'SUPPRESSED',
          causes,
          trip: trips?.get(time.id) ?? null,
        });
      }
    }
  }

  decision(): ReleaseDecision {
    const times = [...this.#times.values()].sort((a, b) => compareText(a.time, b.time));
    const occurrences = times.flatMap((one) => one.occurrences.sort(byRun));
    let released = 0;
    let existing = 0;
    for (const { outcome, trip } of occurrences) {
      if (outcome !== 'RELEASED') continue;
      released += 1;
      if (trip !== null) existing += 1;
    }
    return {
      day: this.#facts.day,
      client: this.#facts.client,
      occurrences,
      summary: {
        occurrences: occurrences.length,
        released,
        suppressed: occurrences.length - released,
        created: 0,
        existing,
      },
    };
  }

  #at(time: TimeOfDay): OfOneTime {
    const known = this.#times.get(time);
    if (known !== undefined) return known;
    const pickup = atLocalTime(this.#facts.day, time, this.#facts.timeZone);
    const made = { time, pickup, occurrences: [] };
    this.#times.set(time, made);
    return made;
  }

  #causes(
    { links, skips }: RecurringTripFacts,
    { id, time }: RecurringTripTime,
  ): readonly SuppressionCause[] {
    if (links.length === 0 && skips.length === 0) return NO_CAUSE;
    return [...this.#offGroups(links, id), ...skipsOf(skips, time, this.#facts.day)];
  }

  /** The groups that are OFF for one time, by id, each once even when linked to the trip and to the time. */
  #offGroups(links: RecurringTripFacts['links'], timeId: Id): SuppressionCause[] {
    const linked = links
      .filter((link) => link.timeId === null || link.timeId === timeId)
      .map((link) => link.group);
    return [...new Map(linked.map((group) => [group.id, group])).values()]
      .sort((a, b) => compareIds(a.id, b.id))
      .flatMap((group) => this.#causeOf(group) ?? []);
  }

  #causeOf(group: ExclusionGroup): SuppressionCause | null {
    const known = this.#off.get(group);
    if (known !== undefined) return known;
    const { because } = groupStateOn(group, this.#facts.day);
    const cause =
      because === null
        ? null
        : ({ code: 'GROUP_OFF', group: { id: group.id, name: group.name }, because } as const);
    this.#off.set(group, cause);
    return cause;
  }
}

interface OfOneTime {
  readonly time: TimeOfDay;
  readonly pickup: ReturnType<typeof atLocalTime>;
  readonly occurrences: Occurrence[];
}

interface Trip {
  readonly id: Id;
  readonly ref: string;
}

const NO_CAUSE: readonly SuppressionCause[] = [];

const byRun = (a: Occurrence, b: Occurrence): number =>
  compareText(a.recurringTrip.ref, b.recurringTrip.ref) || compareIds(a.timeId, b.timeId);

/** The skips that cover a time: those of the whole day first, then those of the time, each by its reason. */
function skipsOf(all: RecurringTripFacts['skips'], time: TimeOfDay, day: Day): SuppressionCause[] {
  return all
    .filter((skip) => skip.day === day && (skip.time === null || skip.time === time))
    .sort((a, b) => compareText(a.time ?? '', b.time ?? '') || compareText(a.reason ?? '', b.reason ?? ''))
    .map(({ reason }) => ({ code: 'SKIPPED', reason }));
}

function isWithin(day: Day, first: Day | null, last: Day | null): boolean {
  return (first === null || first <= day) && (last === null || day <= last);
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
