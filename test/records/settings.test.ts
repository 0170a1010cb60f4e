import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { shapeOf } from '../../src/contract/fields.ts';
import { checkValue } from '../../src/records/check-value.ts';
import { client } from '../../src/records/client.ts';
import type { Field } from '../../src/records/field.ts';
import { settingFields, settingNames, settingsInForce } from '../../src/records/settings.ts';
import { inputOf } from './arbitrary.ts';

const check = (value: unknown) => checkValue(client.fields.settings, value, {});

test('every default is one that may be set', () => {
  for (const name of settingNames) {
    const field = settingFields[name] as Field;
    expect(check({ [name]: field.default })).toEqual({ ok: true, value: { [name]: field.default } });
  }
});

test('what is not set is at its default', () => {
  expect(settingsInForce({ 'approvals.warnDays': 0, 'dispatch.favouriteDrivers': false })).toEqual({
    'dispatch.preferredDriverHoldSeconds': 120,
    'dispatch.favouriteDrivers': false,
    'dispatch.approvedScpDrivers': false,
    'dispatch.lapsedHardList': 'IGNORE',
    'account.authType': 'NONE',
    'account.mergePreference': 'NONE',
    'approvals.warnDays': 0,
  });
});

test('the bounds of numbers are in', () => {
  const hold = (seconds: number) => check({ 'dispatch.preferredDriverHoldSeconds': seconds }).ok;
  expect([-1, 0, 1800, 1801].map(hold)).toEqual([false, true, true, false]);
});

test('nothing inherits from a setting of the client: INHERIT is none of the values', () => {
  for (const name of ['account.authType', 'account.mergePreference'])
    expect(check({ [name]: 'INHERIT' }).ok).toBe(false);
});

test('whatever is accepted, the contract can answer, and takes force as it is', () => {
  const output = z.strictObject(shapeOf(z, settingFields, 'output', true));
  fc.assert(
    fc.property(inputOf(settingFields), (given) => {
      const outcome = check(given);
      if (!outcome.ok) return;
      const set = Object.fromEntries(
        Object.entries(outcome.value as object).filter(([, value]) => value !== null),
      );
      expect(output.safeParse(set).success).toBe(true);
      expect(settingsInForce(set)).toMatchObject(set);
    }),
    { numRuns: 300 },
  );
});

test.each([[null], [[]], ['x'], [5], [true]])('%j is no set of settings', (value) => {
  expect(check(value).ok).toBe(false);
});
