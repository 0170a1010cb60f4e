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
    ref: handle({
      required: true,
      max: 60,
      help: 'The operator’s own reference.',
      example: 'SCP-12',
      synonyms: [
        'reference',
        'scp',
        'scp ref',
        'passenger ref',
        'passenger no',
        'child ref',
        'pupil id',
        'code',
      ],
    }),
    displayName: handle({
      help: 'Name as drivers and operators see it.',
      example: 'Aoife K.',
      synonyms: ['name', 'passenger', 'passenger name', 'child', 'child name', 'pupil', 'pupil name'],
    }),
    dateOfBirth: day({
      protected: true,
      help: 'Date of birth; never shown to apps.',
      example: '2015-04-02',
      synonyms: ['dob', 'birth date', 'birthdate', 'birthday', 'born'],
    }),
    requiresHandoffVerification: boolean({
      default: false,
      help: 'Whether the driver must verify who hands over and takes over.',
      synonyms: ['handoff', 'handover', 'hand over', 'handoff verification', 'handover verification'],
    }),
    guardians: references('Customer', {
      flag: 'guardian',
      help: 'Customers who answer for the passenger.',
      synonyms: ['parent', 'parents', 'carer', 'carers', 'guardian phone', 'parent phone', 'contact'],
    }),
    clientCapabilities: references('ClientCapability', {
      flag: 'capability',
      help: 'What the passenger always needs; pre-fills trips.',
      synonyms: ['capabilities', 'requirements', 'needs', 'special needs'],
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
