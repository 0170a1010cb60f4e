import type { ObjectType } from '../records/field.ts';
import type { Id } from '../values/id.ts';
import { idSchema, schema } from './fields.ts';
import { operation } from './operation.ts';

export interface ResolveInput {
  readonly objectType: ObjectType;
  /** In any form of spec section 2. */
  readonly ref: string;
  /** Which records may be meant; live ones unless told. */
  readonly among?: 'live' | 'deleted' | undefined;
}

/** Paths over HTTP take ids alone; this says which id a name stands for (spec section 2, Reference). */
export const referenceOperations = {
  'reference.resolve': operation<ResolveInput, { readonly id: Id }>({
    summary: 'Say which record a name, a phone, a callsign or an internal key stands for',
    writes: false,
    http: { method: 'GET', paths: ['/client/{clientId}/reference'] },
    input: schema((z) =>
      z.strictObject({
        objectType: z.string().min(1).max(60),
        ref: z.string().min(1).max(300),
        among: z.enum(['live', 'deleted']).optional(),
      }),
    ),
    output: schema((z) => z.strictObject({ id: idSchema(z) })),
    errors: ['INVALID', 'NOT_FOUND', 'CONFLICT'],
  }),
};
