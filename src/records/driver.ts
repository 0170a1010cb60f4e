import { defineRecord } from './definition.ts';
import { choice, handle, references, text } from './field.ts';

/** Somebody who drives for the operator; only ACTIVE ones may be sent (spec section 4.1). */
export const driver = defineRecord({
  objectType: 'Driver',
  title: 'driver',
  plural: 'drivers',
  noun: 'driver',
  path: 'driver',
  pathId: 'driverId',
  table: 'driver',
  summary: 'Who drives, and what each can carry.',
  argument: 'callsign',
  fields: {
    callsign: handle({
      required: true,
      max: 40,
      help: 'Radio callsign, unique among drivers.',
      example: 'D7',
      synonyms: ['call sign', 'driver no', 'driver number', 'badge'],
    }),
    firstName: text({ max: 120, help: 'First name.', synonyms: ['forename', 'given name'] }),
    lastName: text({ max: 120, help: 'Last name.', synonyms: ['surname', 'family name'] }),
    phone: text({
      format: 'phone',
      max: 32,
      help: 'Phone.',
      synonyms: ['mobile', 'mobile no', 'tel', 'telephone'],
    }),
    status: choice(['ACTIVE', 'SUSPENDED', 'INACTIVE'], {
      default: 'ACTIVE',
      help: 'Whether the driver may be sent at all.',
    }),
    clientCapabilities: references('ClientCapability', {
      flag: 'capability',
      help: 'What the driver and vehicle can do.',
      synonyms: ['capabilities'],
    }),
  },
  handles: [
    { name: 'callsign', fields: ['callsign'] },
    { name: 'full name', fields: ['firstName', 'lastName'] },
  ],
  unique: [{ fields: ['callsign'] }],
  label: ['callsign', 'firstName', 'lastName'],
  columns: ['callsign', 'firstName', 'lastName', 'status', 'clientCapabilities', 'id'],
});
