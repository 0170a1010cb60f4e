import { account } from './account.ts';
import { accountDepartment } from './account-department.ts';
import { accountEmployee } from './account-employee.ts';
import { brand } from './brand.ts';
import { client } from './client.ts';
import { clientCapability } from './client-capability.ts';
import { customer } from './customer.ts';
import type { RecordDefinition, RecordInput, RecordOf } from './definition.ts';
import { driver } from './driver.ts';
import { driverCustomer } from './driver-customer.ts';
import { driverScp } from './driver-scp.ts';
import type { ObjectType } from './field.ts';
import { group } from './group.ts';
import { recurringTrip } from './recurring-trip.ts';
import { scheduleExclusionGroup } from './schedule-exclusion-group.ts';
import { specialCategoryPassenger } from './special-category-passenger.ts';
import { trip } from './trip.ts';

/** Every record kind, each after those that it refers to where that is possible. */
export const definitions = {
  Client: client,
  Brand: brand,
  ClientCapability: clientCapability,
  Group: group,
  Driver: driver,
  Customer: customer,
  SpecialCategoryPassenger: specialCategoryPassenger,
  DriverCustomer: driverCustomer,
  DriverScp: driverScp,
  ScheduleExclusionGroup: scheduleExclusionGroup,
  Account: account,
  AccountDepartment: accountDepartment,
  AccountEmployee: accountEmployee,
  RecurringTrip: recurringTrip,
  Trip: trip,
} as const satisfies { readonly [T in ObjectType]: RecordDefinition };

export type Definitions = typeof definitions;
/** A record of one kind, as it is answered. */
export type RecordOfType<T extends ObjectType> = RecordOf<Definitions[T]>;
/** The fields of one kind, as input. */
export type InputOfType<T extends ObjectType> = RecordInput<Definitions[T]>;

export const objectTypes = Object.keys(definitions) as readonly ObjectType[];

/** The definition of a kind, its fields not known to the type checker. */
export function definitionOf(type: ObjectType): RecordDefinition {
  return definitions[type];
}

/** The kind with this command noun; `pref` stands for two and is not found here by it. */
export function definitionByNoun(noun: string): RecordDefinition | undefined {
  const found = Object.values(definitions).filter((definition) => definition.noun === noun);
  return found.length === 1 ? found[0] : undefined;
}
