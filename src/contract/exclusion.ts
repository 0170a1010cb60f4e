import type { RecordOfType } from '../records/registry.ts';
import type { SuppressionCause } from '../resolver/reasons.ts';
import type { ExclusionMode, GroupState, Occurrence } from '../resolver/release.ts';
import type { Day } from '../values/day.ts';
import type { ErrorDetail } from '../values/error.ts';
import type { Id } from '../values/id.ts';
import type { Changed, FieldChange } from './change.ts';
import { daySchema, detailSchema, idSchema, schema } from './fields.ts';
import { operation, type Z } from './operation.ts';

export type { ExclusionMode };

/** One run on one day that a change would newly suppress or release. */
export type AffectedOccurrence = Occurrence & { readonly day: Day };

export interface ExclusionImpact {
  readonly from: Day;
  readonly to: Day;
  readonly suppressed: readonly AffectedOccurrence[];
  readonly released: readonly AffectedOccurrence[];
}

export interface ExclusionState {
  readonly mode: ExclusionMode;
  readonly startDay: Day | null;
  readonly endDay: Day | null;
  readonly scheduleResumeDay: Day | null;
}

export interface ExclusionSet {
  readonly group: RecordOfType<'ScheduleExclusionGroup'>;
  readonly before: ExclusionState;
  readonly after: ExclusionState;
  readonly changed: boolean;
  readonly changes: readonly FieldChange[];
  readonly impact: ExclusionImpact;
  readonly warnings: readonly ErrorDetail[];
  readonly dryRun?: true;
}

export interface ExclusionSetInput {
  readonly ref: string;
  readonly mode: ExclusionMode;
  /** Left out: kept when the mode stays, cleared when it changes. Null: by hand only. */
  readonly scheduleResumeDay?: Day | null | undefined;
  readonly startDay?: Day | null | undefined;
  readonly endDay?: Day | null | undefined;
  /** Days from today on for which the impact is worked out; 0 to 366, default 7. */
  readonly impactDays?: number | undefined;
}

export interface ExclusionLinkInput {
  readonly ref: string;
  readonly recurring: string;
  /** HH:MM: only the times that go out then; left out: the whole trip. */
  readonly time?: string | undefined;
}

export interface ExclusionStatus {
  readonly group: { readonly id: Id; readonly name: string };
  readonly day: Day;
  readonly state: GroupState['state'];
  /** The mode in force on the day, not necessarily the stored one. */
  readonly mode: ExclusionMode;
  readonly because: GroupState['because'];
  readonly storedMode: ExclusionMode;
  readonly startDay: Day | null;
  readonly endDay: Day | null;
  readonly scheduleResumeDay: Day | null;
  readonly linkedTrips: number;
}

export interface CalendarDay {
  readonly day: Day;
  readonly state: GroupState['state'];
  readonly because: GroupState['because'];
}
export interface CalendarTripDay {
  readonly day: Day;
  readonly released: number;
  readonly suppressed: number;
  /** Of all that is held back on the day, each once. */
  readonly causes: readonly SuppressionCause[];
  /** Each run that is held back, with its local time, in order. */
  readonly heldBack: readonly { readonly time: string; readonly causes: readonly SuppressionCause[] }[];
}
export interface ExclusionCalendar {
  readonly from: Day;
  readonly to: Day;
  readonly today: Day;
  readonly groups: readonly {
    readonly group: { readonly id: Id; readonly name: string };
    readonly days: readonly CalendarDay[];
  }[];
  readonly trips: readonly {
    readonly recurringTrip: { readonly id: Id; readonly ref: string; readonly name: string | null };
    readonly days: readonly CalendarTripDay[];
  }[];
}

export interface CalendarInput {
  readonly from: Day;
  readonly to: Day;
  /** Only these groups and the trips linked to them; all when left out. */
  readonly group?: string | undefined;
  readonly recurring?: string | undefined;
}

const one = '/client/{clientId}/scheduleexclusiongroup/{id}';
const modes = ['RUN_SCHEDULE', 'RUN_ON', 'RUN_OFF'] as const;
const ref = (z: Z) => z.string().min(1).max(300);
const nullableDay = (z: Z) => daySchema(z).nullable();
const named = (z: Z) => z.looseObject({ id: idSchema(z) });
const occurrence = (z: Z) =>
  z.looseObject({ day: daySchema(z), time: z.string(), timeId: idSchema(z), recurringTrip: named(z) });
const state = (z: Z) =>
  z.strictObject({
    mode: z.enum(modes),
    startDay: nullableDay(z),
    endDay: nullableDay(z),
    scheduleResumeDay: nullableDay(z),
  });
const because = (z: Z) => z.enum(['RUN_OFF', 'WINDOW']).nullable();

/** What exclusion groups can do beyond the six verbs (spec sections 4.2 and 5). */
export const exclusionOperations = {
  'scheduleExclusionGroup.set': operation<ExclusionSetInput, ExclusionSet>({
    summary: 'Flip an exclusion group, and say which runs that suppresses or releases',
    writes: true,
    http: { method: 'POST', paths: [`${one}/mode`] },
    input: schema((z) =>
      z.strictObject({
        ref: ref(z),
        mode: z.enum(modes),
        scheduleResumeDay: nullableDay(z).optional(),
        startDay: nullableDay(z).optional(),
        endDay: nullableDay(z).optional(),
        impactDays: z.int().min(0).max(366).optional(),
      }),
    ),
    output: schema((z) =>
      z.strictObject({
        group: named(z),
        before: state(z),
        after: state(z),
        changed: z.boolean(),
        changes: z.array(z.object({ field: z.string(), before: z.unknown(), after: z.unknown() })),
        impact: z.strictObject({
          from: daySchema(z),
          to: daySchema(z),
          suppressed: z.array(occurrence(z)),
          released: z.array(occurrence(z)),
        }),
        warnings: z.array(detailSchema(z)),
        dryRun: z.literal(true).optional(),
      }),
    ),
    errors: ['INVALID', 'NOT_FOUND', 'CONFLICT'],
  }),
  'scheduleExclusionGroup.link': operation<ExclusionLinkInput, Changed<RecordOfType<'RecurringTrip'>>>({
    summary: 'Link a recurring trip, or its times at one hour, to an exclusion group',
    writes: true,
    http: { method: 'POST', paths: [`${one}/recurringtrip`] },
    input: schema((z) => z.strictObject({ ref: ref(z), recurring: ref(z), time: z.string().optional() })),
    output: schema(named),
    errors: ['INVALID', 'NOT_FOUND', 'CONFLICT'],
  }),
  'scheduleExclusionGroup.unlink': operation<ExclusionLinkInput, Changed<RecordOfType<'RecurringTrip'>>>({
    summary: 'Take a recurring trip, or its times at one hour, off an exclusion group',
    writes: true,
    http: { method: 'POST', paths: [`${one}/recurringtrip/unlink`] },
    input: schema((z) => z.strictObject({ ref: ref(z), recurring: ref(z), time: z.string().optional() })),
    output: schema(named),
    errors: ['INVALID', 'NOT_FOUND', 'CONFLICT'],
  }),
  'scheduleExclusionGroup.status': operation<{ readonly ref: string; readonly day: Day }, ExclusionStatus>({
    summary: 'Say whether an exclusion group is ON or OFF on a day, and why',
    writes: false,
    http: { method: 'GET', paths: [`${one}/status`] },
    input: schema((z) => z.strictObject({ ref: ref(z), day: daySchema(z) })),
    output: schema((z) =>
      z.strictObject({
        group: named(z),
        day: daySchema(z),
        state: z.enum(['ON', 'OFF']),
        mode: z.enum(modes),
        because: because(z),
        storedMode: z.enum(modes),
        startDay: nullableDay(z),
        endDay: nullableDay(z),
        scheduleResumeDay: nullableDay(z),
        linkedTrips: z.int(),
      }),
    ),
    errors: ['INVALID', 'NOT_FOUND', 'CONFLICT'],
  }),
  'scheduleExclusionGroup.calendar': operation<CalendarInput, ExclusionCalendar>({
    summary: 'Show day by day which groups are OFF and which runs they suppress',
    writes: false,
    http: { method: 'GET', paths: ['/client/{clientId}/scheduleexclusioncalendar'] },
    input: schema((z) =>
      z.strictObject({
        from: daySchema(z),
        to: daySchema(z),
        group: ref(z).optional(),
        recurring: ref(z).optional(),
      }),
    ),
    output: schema((z) =>
      z.strictObject({
        from: daySchema(z),
        to: daySchema(z),
        today: daySchema(z),
        groups: z.array(
          z.strictObject({
            group: named(z),
            days: z.array(
              z.strictObject({ day: daySchema(z), state: z.enum(['ON', 'OFF']), because: because(z) }),
            ),
          }),
        ),
        trips: z.array(
          z.strictObject({
            recurringTrip: named(z),
            days: z.array(
              z.strictObject({
                day: daySchema(z),
                released: z.int(),
                suppressed: z.int(),
                causes: z.array(z.record(z.string(), z.unknown())),
                heldBack: z.array(
                  z.strictObject({
                    time: z.string(),
                    causes: z.array(z.record(z.string(), z.unknown())),
                  }),
                ),
              }),
            ),
          }),
        ),
      }),
    ),
    errors: ['INVALID', 'NOT_FOUND', 'CONFLICT'],
  }),
};
