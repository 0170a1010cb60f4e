import { describe, expect, it } from 'vitest';
import {
  BOOKING_CODES,
  type EligibilityWarning,
  type ExclusionReason,
  explainBooking,
  explainCause,
  explainExclusion,
  explainWarning,
  type ListRef,
  type SuppressionCause,
} from '../../src/resolver/reasons.ts';
import type { Id } from '../../src/values/id.ts';
import { readInstant } from './world.ts';

const aoife: ListRef = { kind: 'SCP', id: 'G8' as Id, name: 'Aoife K.' };
const mary: ListRef = { kind: 'CUSTOMER', id: 'G9' as Id, name: 'Mary Byrne' };
const group = { id: 'G10' as Id, name: 'Bad Weather' };
const lapsing = {
  code: 'LAPSES_BEFORE_PICKUP',
  list: aoife,
  mode: 'HARD',
  expiresAt: readInstant('2025-07-01T07:30:00Z'),
} as const;

describe('every reason in plain words', () => {
  it.each<[ExclusionReason, string]>([
    [{ code: 'DRIVER_NOT_ACTIVE' }, 'the driver is not active'],
    [{ code: 'MISSING_CAPABILITY', capability: 'WAV' }, 'lacks WAV'],
    [{ code: 'BLOCKED', list: mary }, 'blocked for Mary Byrne'],
    [{ code: 'NOT_ON_HARD_LIST', list: aoife }, 'only approved drivers may carry Aoife K.'],
    [{ code: 'NOT_ON_HARD_LIST', list: mary }, 'Mary Byrne rides with required drivers only'],
    [{ code: 'HARD_LIST_LAPSED', list: aoife }, 'every HARD row for Aoife K. has lapsed'],
  ])('exclusion %o', (reason, words) => {
    expect(explainExclusion(reason)).toContain(words);
  });

  it.each<[EligibilityWarning, string]>([
    [
      { code: 'SCP_APPROVALS_OFF', list: aoife },
      'Aoife K. has approved drivers, but the setting dispatch.approvedScpDrivers is off',
    ],
    [{ code: 'HARD_LIST_LAPSED', list: aoife, locked: true }, 'so nobody may carry them'],
    [{ code: 'HARD_LIST_LAPSED', list: aoife, locked: false }, 'so any driver may carry them'],
    [{ code: 'LIST_CONFLICT', lists: [mary, aoife] }, 'Mary Byrne, Aoife K.'],
    [
      { ...lapsing, driver: { id: 'G3' as Id, callsign: 'D7', name: 'Ann' } },
      'HARD row of D7 for Aoife K. lapses at 2025-07-01 08:30',
    ],
    [{ ...lapsing, driver: { id: 'G3' as Id } }, 'HARD row of G3 for Aoife K.'],
    [{ code: 'SOFT_ON_LOCKED_LIST', list: aoife, count: 1 }, '1 SOFT row for Aoife K.'],
    [{ code: 'SOFT_ON_LOCKED_LIST', list: aoife, count: 2 }, '2 SOFT rows for Aoife K.'],
  ])('warning %o', (warning, words) => {
    expect(explainWarning(warning, 'Europe/Dublin')).toContain(words);
  });

  it.each<[SuppressionCause, string]>([
    [{ code: 'GROUP_OFF', group, because: 'RUN_OFF' }, 'Bad Weather is switched off'],
    [{ code: 'GROUP_OFF', group, because: 'WINDOW' }, 'the day lies in the window of Bad Weather'],
    [{ code: 'SKIPPED', reason: 'child ill' }, 'skipped: child ill'],
    [{ code: 'SKIPPED', reason: null }, 'skipped'],
  ])('cause %o', (cause, words) => {
    expect(explainCause(cause)).toBe(words);
  });

  it('says something different for each reason against a booking', () => {
    const words = BOOKING_CODES.map((code) => explainBooking({ code }));
    expect(new Set(words).size).toBe(BOOKING_CODES.length);
    expect(
      words.every((text) => /^(the account|the department|the employee|the customer) [^.]+$/.test(text)),
    ).toBe(true);
  });
});
