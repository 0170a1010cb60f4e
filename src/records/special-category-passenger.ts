import { defineRecord } from './definition.ts';
import { boolean, day, handle, references } from './field.ts';

/** A passenger who may need approved drivers: a child on a school run, somebody in care (seed: approved SCP drivers). */
export const specialCategoryPassenger = defineRecord({
  objectType: 'SpecialCategoryPassenger',
  title: 'special-category passenger',
  plural: 'special-category passengers',
  noun: 'scp',
  path: 'scp',
  pathId: 'scpId',
  table: 'scp',
  summary: 'Special-category passengers: who they are, who answers for them, what they need.',
  argument: 'ref',
  fields: {
    ref: handle({ required: true, max: 60, help: 'The operator’s own reference.', example: 'SCP-12' }),
    displayName: handle({
      help: 'Name as drivers and operators see it.',
      example: 'Aoife K.',
      synonyms: ['name'],
    }),
    dateOfBirth: day({
      protected: true,
      help: 'Date of birth; never shown to apps.',
      example: '2015-04-02',
      synonyms: ['dob', 'd.o.b.', 'birthday'],
    }),
    requiresHandoffVerification: boolean({
      default: false,
      help: 'Whether the driver must verify who hands over and takes over.',
    }),
    guardians: references('Customer', { flag: 'guardian', help: 'Customers who answer for the passenger.' }),
    clientCapabilities: references('ClientCapability', {
      flag: 'capability',
      help: 'What the passenger always needs; pre-fills trips.',
      synonyms: ['capabilities'],
    }),
  },
  handles: [
    { name: 'ref', fields: ['ref'] },
    { name: 'display name', fields: ['displayName'] },
  ],
  unique: [{ fields: ['ref'] }],
  label: ['ref', 'displayName'],
  columns: ['ref', 'displayName', 'clientCapabilities', 'guardians', 'requiresHandoffVerification', 'id'],
});
