import type { ReleaseDecision } from '../resolver/release.ts';
import type { Day } from '../values/day.ts';
import type { ErrorDetail } from '../values/error.ts';
import { daySchema, detailSchema, idSchema, instantSchema, schema } from './fields.ts';
import { operation, type Z } from './operation.ts';

export interface ReleaseInput {
  readonly day: Day;
}
export type Released = ReleaseDecision & {
  /** Above all: runs that are held back though their trips stand. */
  readonly warnings: readonly ErrorDetail[];
  readonly dryRun?: true;
};

/** The first day of which runs can be asked: instants are Unix seconds, and in some zones 1970 began before them. */
export const FIRST_RELEASE = 19700102;

const input = schema<ReleaseInput>((z) => z.strictObject({ day: z.int().min(FIRST_RELEASE).max(29991231) }));

/** The preview of one day, without warnings. */
export const releaseDayShape = (z: Z) => {
  const named = z.looseObject({ id: idSchema(z) });
  return {
    day: daySchema(z),
    client: named,
    occurrences: z.array(
      z.strictObject({
        recurringTrip: named,
        timeId: idSchema(z),
        time: z.string(),
        isReturn: z.boolean(),
        pickupAt: instantSchema(z),
        clockChange: z.enum(['SKIPPED', 'REPEATED']).nullable(),
        outcome: z.enum(['RELEASED', 'SUPPRESSED']),
        causes: z.array(z.looseObject({ code: z.string() })),
        trip: named.nullable(),
      }),
    ),
    summary: z.strictObject({
      occurrences: z.int(),
      released: z.int(),
      suppressed: z.int(),
      created: z.int(),
      existing: z.int(),
    }),
  };
};
const output = schema<Released>((z) =>
  z.strictObject({
    ...releaseDayShape(z),
    warnings: z.array(detailSchema(z)),
    dryRun: z.literal(true).optional(),
  }),
);
const paths = ['/client/{clientId}/release'];

/** Which recurring trips go out on a day, and what holds the others back (spec section 4.2). */
export const releaseOperations = {
  'release.preview': operation<ReleaseInput, Released>({
    summary: 'Say which recurring trips go out on a day, and why the others do not',
    writes: false,
    http: { method: 'GET', paths },
    input,
    output,
    errors: ['INVALID', 'NOT_FOUND'],
  }),
  'release.commit': operation<ReleaseInput, Released>({
    summary: 'Create the trips of a day, exactly one for each released run however often it is asked',
    writes: true,
    http: { method: 'POST', paths },
    input,
    output,
    errors: ['INVALID', 'NOT_FOUND'],
  }),
};
