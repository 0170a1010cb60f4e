import type { Forecast } from '../resolver/forecast.ts';
import type { ReleasePlanSummary } from '../resolver/forecast-release.ts';
import type { Day } from '../values/day.ts';
import type { ErrorDetail } from '../values/error.ts';
import { daySchema, detailSchema, idSchema, instantSchema, schema } from './fields.ts';
import { operation, type Z } from './operation.ts';
import { type Released, releaseDayShape } from './release.ts';

export interface ForecastInput {
  /** Seconds from the clock on, up to `MOST_WITHIN`; the client's `approvals.warnDays` when left out. */
  readonly within?: number | undefined;
}
export type ExpiringForecast = Forecast & { readonly warnings: readonly ErrorDetail[] };

/** The longest window of a forecast, in seconds: 366 days. */
export const MOST_WITHIN = 366 * 86_400;

export interface ReleasePlanInput {
  readonly from: Day;
  /** The last day, included; at most 92 days in all. */
  readonly to: Day;
}
export interface ReleasePlan {
  readonly from: Day;
  readonly to: Day;
  /** A preview of each day, in order. */
  readonly days: readonly Omit<Released, 'warnings' | 'dryRun'>[];
  readonly summary: ReleasePlanSummary;
  readonly warnings: readonly ErrorDetail[];
}

/** The most days of a plan. */
export const MOST_PLANNED = 92;

const named = (z: Z) => z.looseObject({ id: idSchema(z) });
const list = (z: Z) =>
  z.strictObject({ kind: z.enum(['CUSTOMER', 'SCP']), id: idSchema(z), name: z.string() });
const reasons = (z: Z) => z.array(z.looseObject({ code: z.string(), list: list(z).optional() }));

/** What lies ahead: runs that lose their last approved driver, and the plan of some days. */
export const forecastOperations = {
  'forecast.expiring': operation<ForecastInput, ExpiringForecast>({
    summary: 'Say which recurring runs lose their last approved driver, and on which day that is first felt',
    writes: false,
    http: { method: 'GET', paths: ['/client/{clientId}/forecast/expiring'] },
    input: schema((z) => z.strictObject({ within: z.int().min(0).max(MOST_WITHIN).optional() })),
    output: schema((z) =>
      z.strictObject({
        now: instantSchema(z),
        until: instantSchema(z),
        lapsedHardList: z.enum(['IGNORE', 'LOCK']),
        findings: z.array(
          z.strictObject({
            code: z.enum(['NOBODY_MAY_DRIVE', 'ANYBODY_MAY_DRIVE', 'LIST_IGNORED']),
            day: daySchema(z),
            pickupAt: instantSchema(z),
            already: z.boolean(),
            lostAt: instantSchema(z).nullable(),
            lists: z.array(list(z)).min(1),
            drivers: z.array(
              z.strictObject({
                id: idSchema(z),
                callsign: z.string(),
                name: z.string(),
                reasons: reasons(z),
              }),
            ),
            lapses: z.array(
              z.strictObject({
                list: list(z),
                driver: named(z),
                preference: idSchema(z),
                expiresAt: instantSchema(z),
              }),
            ),
            runs: z
              .array(
                z.strictObject({
                  recurringTrip: named(z),
                  day: daySchema(z),
                  time: z.string(),
                  pickupAt: instantSchema(z),
                  occurrences: z.int().min(1),
                }),
              )
              .min(1),
          }),
        ),
        summary: z.strictObject({
          considered: z.int(),
          nobody: z.int(),
          anybody: z.int(),
          listIgnored: z.int(),
        }),
        unconsulted: z.array(list(z)),
        warnings: z.array(detailSchema(z)),
      }),
    ),
    errors: ['INVALID', 'NOT_FOUND'],
  }),
  'release.plan': operation<ReleasePlanInput, ReleasePlan>({
    summary: 'Plan the releases of up to 92 days, with what is held back by run and by cause',
    writes: false,
    http: { method: 'GET', paths: ['/client/{clientId}/release/plan'] },
    input: schema((z) => z.strictObject({ from: daySchema(z), to: daySchema(z) })),
    output: schema((z) =>
      z.strictObject({
        from: daySchema(z),
        to: daySchema(z),
        days: z.array(z.strictObject(releaseDayShape(z))),
        summary: z.strictObject({
          days: z.int(),
          occurrences: z.int(),
          released: z.int(),
          suppressed: z.int(),
          created: z.int(),
          existing: z.int(),
          nothingOut: z.array(z.strictObject({ day: daySchema(z), suppressed: z.int() })),
          byRun: z.array(
            z.strictObject({
              recurringTrip: named(z),
              occurrences: z.int(),
              released: z.int(),
              suppressed: z.int(),
            }),
          ),
          byCause: z.array(
            z.strictObject({
              cause: z.looseObject({ code: z.string() }),
              occurrences: z.int(),
              runs: z.int(),
              days: z.int(),
              firstDay: daySchema(z),
              lastDay: daySchema(z),
            }),
          ),
        }),
        warnings: z.array(detailSchema(z)),
      }),
    ),
    errors: ['INVALID', 'NOT_FOUND'],
  }),
};
