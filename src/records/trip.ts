import { defineRecord } from './definition.ts';
import { choice, day, handle, id, instant, reference, references } from './field.ts';
import { tripSegments } from './segments.ts';

/** One journey to be driven (spec section 3). */
export const trip = defineRecord({
  objectType: 'Trip',
  title: 'trip',
  plural: 'trips',
  noun: 'trip',
  path: 'trip',
  pathId: 'tripId',
  table: 'trip',
  summary: 'Journeys to be driven.',
  argument: 'ref',
  fields: {
    ref: handle({ required: true, max: 80, help: 'Reference, unique.', example: 'T-1' }),
    pickupAt: instant({
      required: true,
      flag: 'pickup',
      help: 'When the first passenger is picked up.',
      example: '2026-01-13T08:15',
      soughtSince: 3,
    }),
    status: choice(
      ['SCHEDULED', 'RELEASED', 'ALLOCATED', 'IN_PROGRESS', 'COMPLETED', 'CANCELLED', 'NO_SHOW'],
      {
        default: 'SCHEDULED',
        help: 'Where the trip stands.',
      },
    ),
    tripSegments,
    clientCapabilities: references('ClientCapability', {
      flag: 'capability',
      help: 'What the trip requires; pre-filled from passengers and department when it is created.',
    }),
    account: reference('Account', { help: 'Account that is charged.' }),
    accountDepartment: reference('AccountDepartment', { flag: 'dept', help: 'Department that is charged.' }),
    releasedAt: instant({ help: 'When it was given to dispatch; the preferred drivers’ hold starts then.' }),
    recurringTrip: reference('RecurringTrip', {
      flag: 'recurring',
      help: 'Recurring trip it was released from.',
    }),
    recurringTimeId: id({ help: 'Time of the recurring trip it was released from.' }),
    day: day({ help: 'Local day of the trip; that of the pickup when not given.' }),
  },
  handles: [{ name: 'ref', fields: ['ref'] }],
  unique: [
    { fields: ['ref'] },
    // Spec section 4.2: exactly one trip per (recurring trip, time, day). One that was deleted stays the one.
    { fields: ['recurringTrip', 'recurringTimeId', 'day'], evenDeleted: true },
  ],
  label: ['ref', 'pickupAt'],
  columns: ['ref', 'pickupAt', 'status', 'tripSegments', 'clientCapabilities', 'id'],
});
