import type { BookingDecision } from '../../src/resolver/booking.ts';
import type { DepartmentDecision } from '../../src/resolver/department.ts';
import type { EligibilityDecision } from '../../src/resolver/eligibility.ts';
import type { EligibilityWarning, ExclusionReason, SuppressionCause } from '../../src/resolver/reasons.ts';
import type { GroupState, ReleaseDecision } from '../../src/resolver/release.ts';
import { type Instant, isoInstant } from '../../src/values/instant.ts';
import {
  type BookingOutcome,
  DETAIL_FIELDS,
  type DepartmentOutcome,
  type EligibleOutcome,
  type ReleaseOutcome,
  type StatusOutcome,
} from './case-format.ts';

/** Decisions as the cases write them: by name, never by id, so that the same cases fit every way to ask. */
export function eligibleOutcome(
  decision: EligibilityDecision,
): EligibleOutcome & { asOf: string; lists: Record<string, string> } {
  return {
    phase: decision.phase,
    ...(decision.holdEndsAt === null ? {} : { holdEndsAt: utc(decision.holdEndsAt) }),
    asOf: utc(decision.asOf),
    drivers: decision.drivers.map(({ callsign, preferred, priority, lists }) =>
      preferred ? `${callsign} ${priority} on ${lists}` : callsign,
    ),
    excluded: Object.fromEntries(
      decision.excluded.map(({ callsign, reasons }) => [callsign, reasons.map(exclusionText)]),
    ),
    warnings: decision.warnings.map(warningText),
    lists: Object.fromEntries(
      decision.lists.map(({ name, locked, hardLive, softLive, blockLive, lapsed }) => [
        name,
        `${locked ? 'locked' : 'open'} hard ${hardLive} soft ${softLive} block ${blockLive} lapsed ${lapsed}`,
      ]),
    ),
  };
}

function exclusionText(reason: ExclusionReason): string {
  if ('capability' in reason) return `${reason.code} ${reason.capability}`;
  return 'list' in reason ? `${reason.code} ${reason.list.name}` : reason.code;
}

function warningText(warning: EligibilityWarning): string {
  switch (warning.code) {
    case 'SCP_APPROVALS_OFF':
    case 'HARD_LIST_LAPSED':
      return `${warning.code} ${warning.list.name}`;
    case 'LIST_CONFLICT':
      return `${warning.code} ${warning.lists.map((list) => list.name).join(', ')}`;
    case 'LAPSES_BEFORE_PICKUP':
      return `${warning.code} ${warning.list.name} ${warning.driver.callsign ?? 'somebody'} ${utc(warning.expiresAt)}`;
    case 'SOFT_ON_LOCKED_LIST':
      return `${warning.code} ${warning.list.name} ${warning.count}`;
  }
}

export function statusOutcome(states: ReadonlyMap<string, GroupState>): StatusOutcome {
  return {
    groups: Object.fromEntries(
      [...states].map(([name, { state, mode, because }]) => [
        name,
        [state, mode, ...(because === null ? [] : [because])].join(' '),
      ]),
    ),
  };
}

export function releaseOutcome(decision: ReleaseDecision): ReleaseOutcome {
  return {
    occurrences: decision.occurrences.map((occurrence) => ({
      at: `${occurrence.time} ${occurrence.recurringTrip.ref}`,
      outcome: occurrence.outcome,
      ...(occurrence.causes.length === 0 ? {} : { causes: occurrence.causes.map(causeText) }),
      pickup: utc(occurrence.pickupAt),
      ...(occurrence.clockChange === null ? {} : { clockChange: occurrence.clockChange }),
      ...(occurrence.isReturn ? { isReturn: true as const } : {}),
      ...(occurrence.trip === null ? {} : { trip: occurrence.trip.ref }),
    })),
  };
}

function causeText(cause: SuppressionCause): string {
  return cause.code === 'GROUP_OFF'
    ? `${cause.code} ${cause.group.name} ${cause.because}`
    : [cause.code, ...(cause.reason === null ? [] : [cause.reason])].join(' ');
}

export function departmentOutcome({ effective }: DepartmentDecision): DepartmentOutcome {
  const { authType, mergePreference, clientCapabilities } = effective;
  const details = Object.fromEntries(
    DETAIL_FIELDS.flatMap((field) =>
      effective[field].from === null ? [] : [[field, decided(effective[field])]],
    ),
  );
  return {
    authType: decided(authType),
    mergePreference: decided(mergePreference),
    ...(clientCapabilities.from === null
      ? {}
      : { clientCapabilities: `${clientCapabilities.value.join(', ')} from ${clientCapabilities.from}` }),
    ...(Object.keys(details).length === 0 ? {} : { details }),
  };
}

export function bookingOutcome(decision: BookingDecision | undefined): BookingOutcome {
  if (decision === undefined) return { visible: false };
  return {
    allowed: decision.allowed,
    reasons: decision.reasons.map((reason) => reason.code),
    authType: decided(decision.authType),
  };
}

function decided({ value, from }: { readonly value: string | null; readonly from: string | null }): string {
  return `${value} from ${from}`;
}

function utc(instant: Instant): string {
  return isoInstant(instant, 'UTC').replace('+00:00', 'Z');
}
