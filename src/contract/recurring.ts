import type { RecordOfType } from '../records/registry.ts';
import type { Day } from '../values/day.ts';
import type { Changed, RefInput } from './change.ts';
import { daySchema, idSchema, schema } from './fields.ts';
import { operation } from './operation.ts';

export interface SkipInput extends RefInput {
  readonly day: Day;
  /** HH:MM; left out: every run of the day. */
  readonly time?: string | undefined;
  readonly reason?: string | undefined;
}

const input = schema<SkipInput>((z) =>
  z.strictObject({
    ref: z.string().min(1).max(300),
    day: daySchema(z),
    time: z.string().max(5).optional(),
    reason: z.string().max(500).optional(),
  }),
);
const output = schema<Changed<RecordOfType<'RecurringTrip'>>>((z) =>
  z.looseObject({ id: idSchema(z), changed: z.boolean() }),
);
const one = '/client/{clientId}/recurringtrip/{recurringTripId}';

/** What recurring trips can do beyond the six verbs (spec section 5). */
export const recurringOperations = {
  'recurringTrip.skip': operation<SkipInput, Changed<RecordOfType<'RecurringTrip'>>>({
    summary: 'Leave out a recurring trip on one day, wholly or at one time',
    writes: true,
    http: { method: 'POST', paths: [`${one}/skip`] },
    input,
    output,
    errors: ['INVALID', 'NOT_FOUND', 'CONFLICT'],
  }),
  'recurringTrip.unskip': operation<SkipInput, Changed<RecordOfType<'RecurringTrip'>>>({
    summary: 'Take back the skips of a recurring trip on one day',
    writes: true,
    http: { method: 'POST', paths: [`${one}/unskip`] },
    input,
    output,
    errors: ['INVALID', 'NOT_FOUND', 'CONFLICT'],
  }),
};
