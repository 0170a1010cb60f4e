import type { ObjectType } from '../records/field.ts';

/**
 * What stands in examples for a record that is there already: one of `tph demo --load`, so that a newcomer can try
 * every line. Those that have no name go by an id, which no help can know.
 */
export const IN_DEMO: Readonly<Record<ObjectType, string>> = {
  Client: 'Liffey Cars',
  Brand: 'LIFFEY',
  ClientCapability: 'WAV',
  Group: 'NIGHT',
  Driver: 'D11',
  Customer: '020 910 0001',
  SpecialCategoryPassenger: 'SCP-101',
  Account: 'QUILL',
  AccountDepartment: 'QUILL/Litigation',
  AccountEmployee: 'G123',
  DriverCustomer: 'G123',
  DriverScp: 'G123',
  ScheduleExclusionGroup: 'Bad Weather',
  RecurringTrip: 'SR-08',
  Trip: 'T-1001',
};

/** What examples call a record that is made, where the example of the field itself names one of the demo. */
export const NOT_IN_DEMO: Readonly<Partial<Record<ObjectType, Readonly<Record<string, string>>>>> = {
  Client: { name: 'Corrib Cabs' },
  Brand: { code: 'SHUTTLE', name: 'Liffey Shuttle' },
  ClientCapability: { code: 'ROOF_BOX', name: 'Roof box' },
  ScheduleExclusionGroup: { name: 'Snow' },
};
