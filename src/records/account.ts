import { defineRecord } from './definition.ts';
import { handle, references, tags } from './field.ts';
import { active, addressFields, authType, companyFields, mergePreference } from './shared-fields.ts';

/** A company that books on account. */
export const account = defineRecord({
  objectType: 'Account',
  title: 'account',
  plural: 'accounts',
  noun: 'account',
  path: 'account',
  pathId: 'accountId',
  table: 'account',
  summary: 'Companies that book on account.',
  argument: 'ref',
  fields: {
    ref: handle({
      required: true,
      max: 60,
      help: 'Account reference, unique.',
      example: 'ACME',
      synonyms: [
        'reference',
        'account',
        'account no',
        'account number',
        'account ref',
        'account code',
        'account id',
        'code',
      ],
    }),
    name: handle({
      help: 'Account name.',
      example: 'Acme Ltd',
      synonyms: ['account name', 'customer name', 'client name'],
    }),
    active,
    authType,
    mergePreference,
    clientCapabilities: references('ClientCapability', {
      flag: 'capability',
      help: 'What its bookings need; departments may have their own.',
      synonyms: ['capabilities', 'requirements'],
    }),
    tags: tags({ flag: 'tag', help: 'Free labels.', synonyms: ['labels', 'categories'] }),
    brands: references('Brand', { flag: 'brand', help: 'Brands it books with.' }),
    ...addressFields,
    ...companyFields,
  },
  handles: [
    { name: 'ref', fields: ['ref'] },
    { name: 'name', fields: ['name'] },
  ],
  unique: [{ fields: ['ref'] }],
  label: ['ref', 'name'],
  columns: ['ref', 'name', 'active', 'authType', 'mergePreference', 'city', 'id'],
});
