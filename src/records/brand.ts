import { defineRecord } from './definition.ts';
import { boolean, handle } from './field.ts';

/** A name under which the operator takes bookings. */
export const brand = defineRecord({
  objectType: 'Brand',
  title: 'brand',
  plural: 'brands',
  noun: 'brand',
  path: 'brand',
  pathId: 'brandId',
  table: 'brand',
  summary: 'Names under which the operator takes bookings.',
  argument: 'code',
  fields: {
    code: handle({ required: true, max: 40, help: 'Short code.', example: 'LIFFEY' }),
    name: handle({ help: 'Full name.', example: 'Liffey Cars' }),
    isDefault: boolean({ default: false, help: 'Whether it is taken when none is named; at most one is.' }),
  },
  handles: [
    { name: 'code', fields: ['code'] },
    { name: 'name', fields: ['name'] },
  ],
  unique: [{ fields: ['code'] }, { fields: [], only: 'isDefault' }],
  label: ['code', 'name'],
  columns: ['code', 'name', 'isDefault', 'id'],
});
