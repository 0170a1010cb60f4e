import { customer } from '../records/customer.ts';
import type { RecordOfType } from '../records/registry.ts';
import type { Changed, Page, RefInput } from './change.ts';
import { collectionPaths, scopeParams } from './crud.ts';
import { idSchema, schema, shapeOf } from './fields.ts';
import { operation, type Z } from './operation.ts';

export interface TagInput extends RefInput {
  readonly tag: string;
}
type Customer = RecordOfType<'Customer'>;

const onePaths = collectionPaths(customer).map((path) => `${path}/{customerId}`);
const one = '/client/{clientId}/customer/{customerId}';
const refInput = schema<RefInput>((z) => z.strictObject({ ref: z.string().min(1).max(300) }));
const tagInput = schema<TagInput>((z) =>
  z.strictObject({ ref: z.string().min(1).max(300), tag: z.string().min(1).max(200) }),
);
const changedCustomer = schema<Changed<Customer>>((z) =>
  z.looseObject({ id: idSchema(z), changed: z.boolean() }),
);
const tagPath = {
  paths: [`${one}/tag/{tagName}`],
  params: { tagName: { to: 'text', field: 'tag' } },
} as const;
const addressShape = (z: Z) => z.strictObject(shapeOf(z, customer.fields.addresses.fields, 'output', false));

/** What customers can do beyond the six verbs (seed: customers). */
export const customerOperations = {
  'customer.findByPhone': operation<{ readonly phone: string }, Page<Customer>>({
    summary: 'Find customers by phone, in any form that people of the client’s country write',
    writes: false,
    http: { method: 'GET', paths: ['/client/{clientId}/customer/phone'] },
    input: schema((z) => z.strictObject({ phone: z.string().min(1).max(60) })),
    // Several only where the phone is shared on purpose; never more than one page.
    output: schema((z) =>
      z.strictObject({ items: z.array(z.looseObject({ id: idSchema(z) })), nextCursor: z.null() }),
    ),
    errors: ['INVALID', 'NOT_FOUND'],
  }),
  'customer.addresses': operation<RefInput, Page<Customer['addresses'][number]>>({
    summary: 'List the addresses of a customer',
    writes: false,
    http: {
      method: 'GET',
      paths: onePaths.map((path) => `${path}/addresses`),
      params: scopeParams(customer),
    },
    input: refInput,
    output: schema((z) => z.strictObject({ items: z.array(addressShape(z)), nextCursor: z.null() })),
    errors: ['INVALID', 'NOT_FOUND', 'CONFLICT'],
  }),
  'customer.tags': operation<RefInput, Page<string>>({
    summary: 'List the tags of a customer',
    writes: false,
    http: { method: 'GET', paths: [`${one}/tag`] },
    input: refInput,
    output: schema((z) => z.strictObject({ items: z.array(z.string()), nextCursor: z.null() })),
    errors: ['INVALID', 'NOT_FOUND', 'CONFLICT'],
  }),
  'customer.addTag': operation<TagInput, Changed<Customer>>({
    summary: 'Tag a customer; a tag it has already changes nothing',
    writes: true,
    http: { method: 'POST', ...tagPath },
    input: tagInput,
    output: changedCustomer,
    errors: ['INVALID', 'NOT_FOUND', 'CONFLICT'],
  }),
  'customer.removeTag': operation<TagInput, Changed<Customer>>({
    summary: 'Take a tag off a customer',
    writes: true,
    http: { method: 'DELETE', ...tagPath },
    input: tagInput,
    output: changedCustomer,
    errors: ['INVALID', 'NOT_FOUND', 'CONFLICT'],
  }),
};
