import * as z from 'zod';

/** An instant as the cases write it: whole seconds, UTC. */
const instant = z
  .string()
  .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/, 'an instant is written 2025-01-10T08:00:00Z');
const day = z.string().regex(/^\d{4}-\d\d-\d\d$/, 'a day is written 2025-01-10');
const time = z.string().regex(/^\d\d:\d\d$/, 'a time is written 08:15');
const name = z.string().min(1);

const eligibleWorld = z.strictObject({
  now: instant,
  settings: z
    .strictObject({
      preferredDriverHoldSeconds: z.int().min(0).max(1800).optional(),
      favouriteDrivers: z.boolean().optional(),
      approvedScpDrivers: z.boolean().optional(),
      lapsedHardList: z.enum(['IGNORE', 'LOCK']).optional(),
    })
    .optional(),
  /** By callsign; created in this order, so that ids rise with it. `deleted`: not considered, but its rows remain. */
  drivers: z.record(
    name,
    z.strictObject({
      status: z.enum(['ACTIVE', 'SUSPENDED', 'INACTIVE']).optional(),
      capabilities: z.array(name).optional(),
      deleted: z.boolean().optional(),
    }),
  ),
  customers: z.array(name).optional(),
  scps: z.array(name).optional(),
  preferences: z
    .array(
      z.union([
        z.strictObject({ driver: name, customer: name, ...preference() }),
        z.strictObject({ driver: name, scp: name, ...preference() }),
      ]),
    )
    .optional(),
  /** Without a ref: asked ad hoc. */
  trip: z.strictObject({
    ref: name.optional(),
    pickup: instant.optional(),
    released: instant.optional(),
    capabilities: z.array(name).optional(),
    segments: z
      .array(z.strictObject({ customer: name.optional(), scps: z.array(name).optional() }))
      .optional(),
  }),
});

function preference() {
  return {
    mode: z.enum(['HARD', 'SOFT', 'BLOCK']),
    priority: z.int().optional(),
    expires: instant.optional(),
    deleted: z.boolean().optional(),
  };
}

const eligibleOutcome = z.strictObject({
  phase: z.enum(['HOLD', 'OPEN']),
  /** Stated if and only if the phase is HOLD. */
  holdEndsAt: instant.optional(),
  asOf: instant.optional(),
  /** In order; `D1 0 on 2`: preferred with priority 0 by two lists; `D2`: not preferred. */
  drivers: z.array(name),
  /** By callsign; `CODE`, `CODE LIST` or `CODE CAPABILITY`, every reason in order. */
  excluded: z.record(name, z.array(name)),
  /** `CODE …`, every warning in order. */
  warnings: z.array(name),
  /** By customer or SCP, in order; `locked hard 1 soft 0 block 0 lapsed 0` or `open …`. */
  lists: z.record(name, name).optional(),
});

const groups = z.record(
  name,
  z.strictObject({
    mode: z.enum(['RUN_SCHEDULE', 'RUN_ON', 'RUN_OFF']),
    start: day.optional(),
    end: day.optional(),
    resume: day.optional(),
  }),
);

const statusWorld = z.strictObject({ day, groups });
const statusOutcome = z.strictObject({
  /** By group; `ON RUN_ON` or `OFF RUN_SCHEDULE WINDOW`: the state, the mode in force, what switched it off. */
  groups: z.record(name, name),
});

const releaseWorld = z.strictObject({
  zone: name.optional(),
  day,
  groups: groups.optional(),
  /** By ref. */
  recurring: z.record(
    name,
    z.strictObject({
      active: z.boolean().optional(),
      start: day.optional(),
      end: day.optional(),
      /** `08:15 MON-FRI`, then `return` and `until 2025-06-30` where they apply. */
      times: z.array(name),
      skips: z.array(z.strictObject({ day, time: time.optional(), reason: name.optional() })).optional(),
      /** `Bad Weather`, or `Bad Weather @ 08:15` for that time alone. */
      groups: z.array(name).optional(),
    }),
  ),
  /** Trips that the day has already been given. */
  trips: z.array(z.strictObject({ ref: name, recurring: name, time })).optional(),
});

const releaseOutcome = z.strictObject({
  occurrences: z.array(
    z.strictObject({
      /** `08:15 SR-1`. */
      at: name,
      outcome: z.enum(['RELEASED', 'SUPPRESSED']),
      /** `GROUP_OFF Bad Weather RUN_OFF`, `SKIPPED reason`; none when absent. */
      causes: z.array(name).optional(),
      pickup: instant.optional(),
      /** None when absent. */
      clockChange: z.enum(['SKIPPED', 'REPEATED']).optional(),
      isReturn: z.literal(true).optional(),
      /** The ref of the trip that exists; none when absent. */
      trip: name.optional(),
    }),
  ),
});

const authType = z.enum(['PIN', 'SMS', 'NONE', 'MFA', 'INHERIT']).nullable();
const mergePreference = z
  .enum(['INHERIT', 'NEVER', 'NONE', 'ACCOUNT', 'ACCOUNT_DEPARTMENT', 'ALL'])
  .nullable();

/** The company and address fields of accounts and departments (spec section 4.3). */
export const DETAIL_FIELDS = [
  'streetAddress',
  'addressArea',
  'city',
  'state',
  'postCode',
  'country',
  'iban',
  'bic',
  'companyName',
  'tradingAlias',
  'companyNumber',
  'taxNumber',
] as const;
const details = z.partialRecord(z.enum(DETAIL_FIELDS), z.string());

const ownValues = {
  active: z.boolean().optional(),
  deleted: z.boolean().optional(),
  authType: authType.optional(),
  mergePreference: mergePreference.optional(),
};

const accountWorld = z.strictObject({
  settings: z
    .strictObject({ authType: authType.optional(), mergePreference: mergePreference.optional() })
    .optional(),
  /** By ref. */
  accounts: z.record(
    name,
    z.strictObject({ ...ownValues, capabilities: z.array(name).optional(), details: details.optional() }),
  ),
  /** By `ACCOUNT/Name`. */
  departments: z.record(
    name,
    z.strictObject({
      ...ownValues,
      capabilities: z.array(name).optional(),
      details: details.optional(),
      primaryGroup: name.optional(),
    }),
  ),
  employees: z
    .array(
      z.strictObject({ ...ownValues, customer: name, account: name, departments: z.array(name).optional() }),
    )
    .optional(),
  /** `employee` is written `Customer@ACCOUNT`. */
  ask: z.strictObject({
    department: name,
    employee: name.optional(),
    customer: name.optional(),
    /** The ACL groups of whoever asks; absent: sees all. */
    viewer: z.array(name).optional(),
  }),
});

const departmentOutcome = z.strictObject({
  /** `PIN from ACCOUNT`. */
  authType: name,
  mergePreference: name,
  /** `CHILD_SEAT, WAV from ACCOUNT`; nobody has any when absent. */
  clientCapabilities: name.optional(),
  /** `Cork from DEPARTMENT`; nobody has one when absent. */
  details: details.optional(),
});

const bookingOutcome = z.union([
  z.strictObject({ visible: z.literal(false) }),
  z.strictObject({ allowed: z.boolean(), reasons: z.array(name), authType: name }),
]);

const caseOf = <D extends string, W extends z.ZodType, E extends z.ZodType>(
  decision: D,
  world: W,
  expect: E,
) => z.strictObject({ name, decision: z.literal(decision), world, expect });

const resolverCase = z.discriminatedUnion('decision', [
  caseOf('eligible', eligibleWorld, eligibleOutcome),
  caseOf('status', statusWorld, statusOutcome),
  caseOf('release', releaseWorld, releaseOutcome),
  caseOf('department', accountWorld, departmentOutcome),
  caseOf('booking', accountWorld, bookingOutcome),
]);

export type ResolverCase = z.infer<typeof resolverCase>;
export type EligibleWorld = z.infer<typeof eligibleWorld>;
export type StatusWorld = z.infer<typeof statusWorld>;
export type ReleaseWorld = z.infer<typeof releaseWorld>;
export type AccountWorld = z.infer<typeof accountWorld>;
export type EligibleOutcome = z.infer<typeof eligibleOutcome>;
export type StatusOutcome = z.infer<typeof statusOutcome>;
export type ReleaseOutcome = z.infer<typeof releaseOutcome>;
export type DepartmentOutcome = z.infer<typeof departmentOutcome>;
export type BookingOutcome = z.infer<typeof bookingOutcome>;

const caseFile = z.strictObject({
  theme: name,
  decision: z.enum(['eligible', 'status', 'release', 'department', 'booking']),
  /** What the worlds of the cases have in common; a case's own entries take the place of these, whole. */
  world: z.record(z.string(), z.unknown()),
  cases: z.array(
    z.strictObject({ name, world: z.record(z.string(), z.unknown()).optional(), expect: z.unknown() }),
  ),
});

/** The cases of a file, complete and checked; throws on anything that the format does not know. */
export function parseCases(json: unknown): ResolverCase[] {
  const file = caseFile.parse(json);
  return file.cases.map(({ name: title, world, expect }) =>
    resolverCase.parse({
      name: title,
      decision: file.decision,
      world: { ...file.world, ...world },
      expect,
    }),
  );
}
