import type { Stored } from '../db/codec.ts';
import type { StoredRecord } from '../db/record-store.ts';
import type { ObjectType } from '../records/field.ts';
import type { ErrorDetail } from '../values/error.ts';
import type { Id } from '../values/id.ts';
import { accountDepartmentRules, accountEmployeeRules } from './rules/account.ts';
import { clientRules } from './rules/client.ts';
import { driverRules } from './rules/driver.ts';
import { driverScpRules } from './rules/driver-scp.ts';
import { exclusionRules } from './rules/exclusion.ts';
import { preferenceRules } from './rules/preference.ts';
import { recurringTripRules } from './rules/recurring-trip.ts';
import { specialCategoryPassengerRules } from './rules/special-category-passenger.ts';
import { tripRules } from './rules/trip.ts';
import type { Work } from './work.ts';

/** What is truly a kind's own, beyond what its definition says. Each rule may read the database. */
export interface Rules {
  /** Fills in what follows from other values, before anything is judged. `before` is null on create. */
  readonly complete?: (
    work: Work,
    values: Stored,
    before: StoredRecord | null,
    given: readonly string[],
  ) => Promise<Stored>;
  /** Problems that take other records to see. */
  readonly check?: (
    work: Work,
    values: Stored,
    before: StoredRecord | null,
  ) => Promise<readonly ErrorDetail[]>;
  /** What a person ought to know, though it is allowed. */
  readonly warn?: (work: Work, values: Stored, before: StoredRecord | null) => readonly ErrorDetail[];
  /** Throws CONFLICT for a twin that no uniqueness rule of the definition can see. */
  readonly refuseTwin?: (work: Work, values: Stored, except: Id | undefined) => Promise<void>;
  /** What others lose by a change to a live record; `after` is null on delete. */
  readonly warnOfLoss?: (
    work: Work,
    before: StoredRecord,
    after: Stored | null,
  ) => Promise<readonly ErrorDetail[]>;
  /** Throws where a change to a live record needs more than it came with; `after` is null on delete. */
  readonly guard?: (work: Work, before: StoredRecord, after: Stored | null) => Promise<void>;
}

const rules: { readonly [T in ObjectType]?: Rules } = {
  AccountDepartment: accountDepartmentRules,
  AccountEmployee: accountEmployeeRules,
  Client: clientRules,
  Driver: driverRules,
  DriverCustomer: preferenceRules,
  DriverScp: { ...preferenceRules, ...driverScpRules },
  RecurringTrip: recurringTripRules,
  ScheduleExclusionGroup: exclusionRules,
  SpecialCategoryPassenger: specialCategoryPassengerRules,
  Trip: tripRules,
};

export const rulesOf = (type: ObjectType): Rules => rules[type] ?? {};
