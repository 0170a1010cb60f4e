import type { Id } from '../values/id.ts';
import { formatInstant, type Instant } from '../values/instant.ts';

/** Whose list of drivers it is: a customer's favourites or a special-category passenger's approvals. */
export interface ListRef {
  readonly kind: 'CUSTOMER' | 'SCP';
  readonly id: Id;
  readonly name: string;
}

/** A driver as reasons and warnings name one; only the id where the facts do not hold the driver. */
export interface DriverRef {
  readonly id: Id;
  readonly callsign?: string;
  readonly name?: string;
}

/** Why a driver may not carry a trip, in the order of spec section 4.1. */
export const EXCLUSION_CODES = [
  'DRIVER_NOT_ACTIVE',
  'MISSING_CAPABILITY',
  'BLOCKED',
  'NOT_ON_HARD_LIST',
  'HARD_LIST_LAPSED',
] as const;
export type ExclusionCode = (typeof EXCLUSION_CODES)[number];

interface ExclusionDetails {
  readonly DRIVER_NOT_ACTIVE: object;
  readonly MISSING_CAPABILITY: { readonly capability: string };
  readonly BLOCKED: { readonly list: ListRef };
  readonly NOT_ON_HARD_LIST: { readonly list: ListRef };
  readonly HARD_LIST_LAPSED: { readonly list: ListRef };
}
export type ExclusionReason<C extends ExclusionCode = ExclusionCode> = {
  readonly [K in C]: { readonly code: K } & ExclusionDetails[K];
}[C];

/** What an operator ought to know about the lists of a trip, in the order of spec section 4.1. */
export const WARNING_CODES = [
  'SCP_APPROVALS_OFF',
  'HARD_LIST_LAPSED',
  'LIST_CONFLICT',
  'LAPSES_BEFORE_PICKUP',
  'SOFT_ON_LOCKED_LIST',
] as const;
export type WarningCode = (typeof WARNING_CODES)[number];

interface WarningDetails {
  readonly SCP_APPROVALS_OFF: { readonly list: ListRef };
  /** `locked`: whether the lapsed rows still keep everybody out (the setting is LOCK). */
  readonly HARD_LIST_LAPSED: { readonly list: ListRef; readonly locked: boolean };
  readonly LIST_CONFLICT: { readonly lists: readonly ListRef[] };
  readonly LAPSES_BEFORE_PICKUP: {
    readonly list: ListRef;
    readonly driver: DriverRef;
    readonly mode: 'HARD' | 'SOFT' | 'BLOCK';
    readonly expiresAt: Instant;
  };
  /** `count`: how many live SOFT rows the locked list has. */
  readonly SOFT_ON_LOCKED_LIST: { readonly list: ListRef; readonly count: number };
}
export type EligibilityWarning<C extends WarningCode = WarningCode> = {
  readonly [K in C]: { readonly code: K } & WarningDetails[K];
}[C];

/** Why an occurrence of a recurring trip does not go out, in the order of spec section 4.2. */
export const CAUSE_CODES = ['GROUP_OFF', 'SKIPPED'] as const;
export type CauseCode = (typeof CAUSE_CODES)[number];

/** What switched an exclusion group off: its override, or the window of its schedule. */
export type OffBecause = 'RUN_OFF' | 'WINDOW';

interface CauseDetails {
  readonly GROUP_OFF: {
    readonly group: { readonly id: Id; readonly name: string };
    readonly because: OffBecause;
  };
  readonly SKIPPED: { readonly reason: string | null };
}
export type SuppressionCause<C extends CauseCode = CauseCode> = {
  readonly [K in C]: { readonly code: K } & CauseDetails[K];
}[C];

/** Why somebody may not book on a department, in the order of spec section 4.4. */
export const BOOKING_CODES = [
  'ACCOUNT_INACTIVE',
  'DEPARTMENT_INACTIVE',
  'EMPLOYEE_INACTIVE',
  'NOT_AN_EMPLOYEE',
  'OTHER_ACCOUNT',
  'NOT_IN_DEPARTMENT',
] as const;
export type BookingCode = (typeof BOOKING_CODES)[number];
export interface BookingReason {
  readonly code: BookingCode;
}

const EXCLUSION_TEXT: { readonly [C in ExclusionCode]: (reason: ExclusionReason<C>) => string } = {
  DRIVER_NOT_ACTIVE: () => 'the driver is not active',
  MISSING_CAPABILITY: ({ capability }) => `the driver lacks ${capability}, which the trip requires`,
  BLOCKED: ({ list }) => `the driver is blocked for ${list.name}`,
  NOT_ON_HARD_LIST: ({ list }) =>
    list.kind === 'SCP'
      ? `only approved drivers may carry ${list.name}, and this driver has no live approval`
      : `${list.name} rides with required drivers only, and this driver is not one of them`,
  HARD_LIST_LAPSED: ({ list }) => `every HARD row for ${list.name} has lapsed, and lapsed lists stay locked`,
};

const EXCLUSION_WORDS: { readonly [C in ExclusionCode]: (reason: ExclusionReason<C>) => string } = {
  DRIVER_NOT_ACTIVE: () => 'not active',
  MISSING_CAPABILITY: ({ capability }) => `lacks ${capability}`,
  BLOCKED: ({ list }) => `blocked for ${list.name}`,
  NOT_ON_HARD_LIST: ({ list }) =>
    `${list.kind === 'SCP' ? 'not approved for' : 'not required by'} ${list.name}`,
  HARD_LIST_LAPSED: ({ list }) => `list of ${list.name} has lapsed`,
};

const WARNING_TEXT: {
  readonly [C in WarningCode]: (warning: EligibilityWarning<C>, timeZone: string) => string;
} = {
  SCP_APPROVALS_OFF: ({ list }) =>
    `${list.name} has approved drivers, but the setting dispatch.approvedScpDrivers is off: they are not consulted`,
  HARD_LIST_LAPSED: ({ list, locked }) =>
    `${list.name} has no live HARD row left: all have lapsed, so ${locked ? 'nobody' : 'any driver'} may carry them`,
  LIST_CONFLICT: ({ lists }) =>
    `no driver is on all the locked lists: ${lists.map((list) => list.name).join(', ')}`,
  LAPSES_BEFORE_PICKUP: ({ list, driver, mode, expiresAt }, timeZone) =>
    `the ${mode} row of ${driver.callsign ?? driver.id} for ${list.name} lapses at ${formatInstant(expiresAt, timeZone)}, before the pickup`,
  SOFT_ON_LOCKED_LIST: ({ list, count }) =>
    `${count} SOFT ${count === 1 ? 'row' : 'rows'} for ${list.name} without effect: the list is locked`,
};

const CAUSE_TEXT: { readonly [C in CauseCode]: (cause: SuppressionCause<C>) => string } = {
  GROUP_OFF: ({ group, because }) =>
    because === 'RUN_OFF' ? `${group.name} is switched off` : `the day lies in the window of ${group.name}`,
  SKIPPED: ({ reason }) => (reason === null ? 'skipped' : `skipped: ${reason}`),
};

const BOOKING_TEXT: { readonly [C in BookingCode]: string } = {
  ACCOUNT_INACTIVE: 'the account is inactive or deleted',
  DEPARTMENT_INACTIVE: 'the department is inactive or deleted',
  EMPLOYEE_INACTIVE: 'the employee is inactive or deleted',
  NOT_AN_EMPLOYEE: 'the customer is not an employee of any account',
  OTHER_ACCOUNT: 'the employee belongs to another account',
  NOT_IN_DEPARTMENT: 'the employee is not listed in the department',
};

/** One sentence for people, lower case and without a stop, so that several can be joined. */
export function explainExclusion<C extends ExclusionCode>(reason: ExclusionReason<C>): string {
  return EXCLUSION_TEXT[reason.code](reason);
}

/** The same in a few words, for a table of many drivers. */
export function exclusionWords<C extends ExclusionCode>(reason: ExclusionReason<C>): string {
  return EXCLUSION_WORDS[reason.code](reason);
}

/** As {@link explainExclusion}; instants are shown in `timeZone` (IANA). */
export function explainWarning<C extends WarningCode>(
  warning: EligibilityWarning<C>,
  timeZone: string,
): string {
  return WARNING_TEXT[warning.code](warning, timeZone);
}

/** As {@link explainExclusion}. */
export function explainCause<C extends CauseCode>(cause: SuppressionCause<C>): string {
  return CAUSE_TEXT[cause.code](cause);
}

/** As {@link explainExclusion}. */
export function explainBooking(reason: BookingReason): string {
  return BOOKING_TEXT[reason.code];
}
