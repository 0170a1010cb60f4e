import type { RecordOfType } from '../records/registry.ts';
import { idSchema, schema } from './fields.ts';
import { operation } from './operation.ts';

/** What customers can do beyond the six verbs (seed: customers). */
export const customerOperations = {
  'customer.findByPhone': operation<{ readonly phone: string }, readonly RecordOfType<'Customer'>[]>({
    summary: 'Find customers by phone, in any form that people of the client’s country write',
    writes: false,
    http: { method: 'GET', paths: ['/client/{clientId}/customer/phone'] },
    input: schema((z) => z.strictObject({ phone: z.string().min(1).max(60) })),
    output: schema((z) => z.array(z.looseObject({ id: idSchema(z) }))),
    errors: ['INVALID', 'NOT_FOUND'],
  }),
};
