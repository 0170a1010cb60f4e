import { expect, test } from 'vitest';
import { passengerName } from '../../src/records/display.ts';

test.each([
  ['CUSTOMER', { id: 'G1', firstName: 'Bo', lastName: 'Li', phone: '+353861234567' }, 'Bo Li'],
  [
    'CUSTOMER',
    { id: 'G1', firstName: null, lastName: '', phone: '', email: 'bo@example.com' },
    'bo@example.com',
  ],
  ['CUSTOMER', { id: 'G1', firstName: null, lastName: null, phone: null, email: null }, 'G1'],
  ['CUSTOMER', { id: 'G1', displayName: 'not a field of customers' }, 'G1'],
  ['SCP', { id: 'G2', displayName: 'Aoife', ref: 'SCP-1' }, 'Aoife'],
  ['SCP', { id: 'G2', displayName: '', ref: 'SCP-1' }, 'SCP-1'],
  ['SCP', { id: 'G2', displayName: null, ref: '' }, 'G2'],
] as const)('a passenger of kind %s with %o is called %s', (kind, of, name) => {
  expect(passengerName(kind, of)).toBe(name);
});
