import type { EligibilityDecision } from '../resolver/eligibility.ts';
import type { DayEligibility } from '../resolver/eligibility-day.ts';
import type { Day } from '../values/day.ts';
import type { Instant } from '../values/instant.ts';
import { daySchema, idSchema, instantSchema, schema } from './fields.ts';
import { operation, type Z } from './operation.ts';

interface Narrowing {
  /** Only this driver, who then stands in `drivers` or, with the reasons, in `excluded`. */
  readonly driver?: string | undefined;
  /** Fill `excluded`. */
  readonly explain?: boolean | undefined;
  /** The most eligible drivers to answer; the summary counts all. */
  readonly limit?: number | undefined;
}
export interface TripEligibleInput extends Narrowing {
  readonly ref: string;
}
/** A trip that is not stored: who rides, what it needs, when (spec section 4.1, ad hoc). */
export interface AdHocEligibleInput extends Narrowing {
  readonly customers?: readonly string[] | undefined;
  readonly scps?: readonly string[] | undefined;
  readonly capabilities?: readonly string[] | undefined;
  readonly department?: string | undefined;
  readonly pickupAt?: Instant | undefined;
}

/** All trips of a local day that are not cancelled. */
export interface DayEligibleInput {
  readonly day: Day;
  /** The most trips to answer, the worst first; the summary counts all. */
  readonly limit?: number | undefined;
}

const refs = (z: Z) => z.array(z.string().min(1).max(300)).max(200).optional();
const narrowing = (z: Z) => ({
  driver: z.string().min(1).max(300).optional(),
  explain: z.boolean().optional(),
  limit: z.int().min(1).max(1_000_000).optional(),
});
const list = (z: Z) => z.looseObject({ kind: z.enum(['CUSTOMER', 'SCP']), id: idSchema(z) });
const summary = (z: Z) =>
  z.strictObject({
    considered: z.int(),
    eligible: z.int(),
    preferred: z.int(),
    excluded: z.int(),
    byReason: z.record(z.string(), z.int()),
  });
const decision = schema<EligibilityDecision>((z) =>
  z.strictObject({
    trip: z.strictObject({ id: idSchema(z), ref: z.string() }).nullable(),
    asOf: instantSchema(z),
    phase: z.enum(['HOLD', 'OPEN']),
    holdEndsAt: instantSchema(z).nullable(),
    requiredCapabilities: z.array(z.string()),
    lists: z.array(
      z.strictObject({
        kind: z.enum(['CUSTOMER', 'SCP']),
        id: idSchema(z),
        name: z.string(),
        locked: z.boolean(),
        hardLive: z.int(),
        softLive: z.int(),
        blockLive: z.int(),
        lapsed: z.int(),
      }),
    ),
    drivers: z.array(
      z.strictObject({
        rank: z.int().min(1),
        id: idSchema(z),
        callsign: z.string(),
        name: z.string(),
        preferred: z.boolean(),
        priority: z.int().nullable(),
        lists: z.int(),
        availableFrom: instantSchema(z).nullable(),
      }),
    ),
    excluded: z.array(
      z.strictObject({
        id: idSchema(z),
        callsign: z.string(),
        name: z.string(),
        reasons: z.array(z.looseObject({ code: z.string(), list: list(z).optional() })).min(1),
      }),
    ),
    summary: summary(z),
    warnings: z.array(z.looseObject({ code: z.string() })),
  }),
);
const dayDecision = schema<DayEligibility>((z) =>
  z.strictObject({
    day: daySchema(z),
    trips: z.array(
      z.strictObject({
        trip: z.strictObject({ id: idSchema(z), ref: z.string() }),
        pickupAt: instantSchema(z),
        passengers: z.array(z.string()),
        asOf: instantSchema(z),
        phase: z.enum(['HOLD', 'OPEN']),
        holdEndsAt: instantSchema(z).nullable(),
        requiredCapabilities: z.array(z.string()),
        locked: z.array(
          z.strictObject({ kind: z.enum(['CUSTOMER', 'SCP']), id: idSchema(z), name: z.string() }),
        ),
        summary: summary(z),
        warnings: z.array(z.looseObject({ code: z.string() })),
      }),
    ),
    summary: z.strictObject({ trips: z.int(), nobody: z.int(), single: z.int(), warned: z.int() }),
  }),
);

/** Which drivers may carry a trip, and why the others may not (spec section 4.1). */
export const eligibilityOperations = {
  'trip.eligible': operation<TripEligibleInput, EligibilityDecision>({
    summary: 'Say which drivers may carry a trip, in which order, and why the others may not',
    writes: false,
    http: { method: 'GET', paths: ['/client/{clientId}/trip/{tripId}/eligible'] },
    input: schema((z) => z.strictObject({ ref: z.string().min(1).max(300), ...narrowing(z) })),
    output: decision,
    errors: ['INVALID', 'NOT_FOUND', 'CONFLICT'],
  }),
  'eligible.adHoc': operation<AdHocEligibleInput, EligibilityDecision>({
    summary: 'Say which drivers may carry given passengers, without a stored trip',
    writes: false,
    http: { method: 'GET', paths: ['/client/{clientId}/eligible'] },
    input: schema((z) =>
      z.strictObject({
        customers: refs(z),
        scps: refs(z),
        capabilities: refs(z),
        department: z.string().min(1).max(300).optional(),
        pickupAt: instantSchema(z).optional(),
        ...narrowing(z),
      }),
    ),
    output: decision,
    errors: ['INVALID', 'NOT_FOUND', 'CONFLICT'],
  }),
  'eligible.day': operation<DayEligibleInput, DayEligibility>({
    summary:
      'Say of each trip of a day how many drivers may carry it, and why the others may not, worst first',
    writes: false,
    http: { method: 'GET', paths: ['/client/{clientId}/eligible/day'] },
    input: schema((z) =>
      z.strictObject({ day: daySchema(z), limit: z.int().min(1).max(1_000_000).optional() }),
    ),
    output: dayDecision,
    errors: ['INVALID', 'NOT_FOUND'],
  }),
};
