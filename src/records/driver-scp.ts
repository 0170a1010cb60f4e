import { defineRecord } from './definition.ts';
import { reference } from './field.ts';
import { preferenceFields, preferredDriver } from './preference.ts';

/** A driver approved for, or barred from, a special-category passenger (seed: approved SCP drivers). */
export const driverScp = defineRecord({
  objectType: 'DriverScp',
  title: 'approved driver',
  plural: 'approved drivers',
  noun: 'pref',
  path: 'driverscp',
  pathId: 'prefId',
  table: 'driver_scp',
  summary: 'Approved drivers: who may carry a special-category passenger.',
  fields: {
    driver: preferredDriver,
    scp: reference('SpecialCategoryPassenger', {
      required: true,
      help: 'The special-category passenger.',
      synonyms: [
        'scp ref',
        'ref',
        'passenger',
        'passenger ref',
        'passenger name',
        'child',
        'child name',
        'pupil',
      ],
    }),
    ...preferenceFields,
  },
  handles: [],
  unique: [{ fields: ['driver', 'scp'] }],
  label: ['driver', 'scp'],
  columns: ['driver', 'scp', 'mode', 'priority', 'expiresAt', 'id'],
  parents: ['driver', 'scp'],
});
