import { defineRecord } from './definition.ts';
import { reference } from './field.ts';
import { preferenceFields, preferredDriver } from './preference.ts';

/** A customer's favourite driver, or one never to be sent (seed: favourite drivers). */
export const driverCustomer = defineRecord({
  objectType: 'DriverCustomer',
  title: 'favourite driver',
  plural: 'favourite drivers',
  noun: 'pref',
  path: 'drivercustomer',
  pathId: 'prefId',
  table: 'driver_customer',
  summary: 'Favourite drivers: which driver a customer asks for, insists on or refuses.',
  fields: {
    driver: preferredDriver,
    customer: reference('Customer', {
      required: true,
      help: 'The customer.',
      synonyms: [
        'customer phone',
        'customer name',
        'phone',
        'phone number',
        'mobile',
        'mobile no',
        'mobile number',
        'passenger',
        'email',
      ],
    }),
    ...preferenceFields,
  },
  handles: [],
  unique: [{ fields: ['driver', 'customer'] }],
  label: ['driver', 'customer'],
  columns: ['driver', 'customer', 'mode', 'priority', 'expiresAt', 'id'],
  parents: ['driver', 'customer'],
});
