import { beforeAll, describe, expect, test } from 'vitest';
import { type CheckedApi, failure } from '../checked-api.ts';
import type { World } from '../world.ts';

const DEFAULTS = {
  'dispatch.preferredDriverHoldSeconds': 120,
  'dispatch.favouriteDrivers': true,
  'dispatch.approvedScpDrivers': false,
  'dispatch.lapsedHardList': 'IGNORE',
  'account.authType': 'NONE',
  'account.mergePreference': 'NONE',
  'approvals.warnDays': 30,
};

/** Spec section 3, Settings. */
export function settings(world: () => World): void {
  describe('settings', () => {
    let api: CheckedApi;
    beforeAll(async () => {
      ({ api } = await world().tenant());
    });
    const inForce = async () =>
      Object.fromEntries((await api.call('settings.list', {})).map((row) => [row.name, row.value]));

    test('each has its default and says what it does', async () => {
      const rows = await api.call('settings.list', {});
      expect(Object.fromEntries(rows.map((row) => [row.name, row.default]))).toEqual(DEFAULTS);
      expect(rows.every((row) => row.isDefault && row.help !== '')).toBe(true);
      expect(await inForce()).toEqual(DEFAULTS);
    });

    test('set changes those named, says what it changed, and null goes back to the default', async () => {
      const changed = await api.call('settings.set', {
        settings: { 'approvals.warnDays': 7, 'dispatch.lapsedHardList': 'lock' },
      });
      expect(changed).toMatchObject({
        changed: true,
        changes: [
          { field: 'dispatch.lapsedHardList', before: 'IGNORE', after: 'LOCK' },
          { field: 'approvals.warnDays', before: 30, after: 7 },
        ],
      });
      await api.call('settings.set', { settings: { 'dispatch.favouriteDrivers': false } });
      expect(await inForce()).toEqual({
        ...DEFAULTS,
        'approvals.warnDays': 7,
        'dispatch.lapsedHardList': 'LOCK',
        'dispatch.favouriteDrivers': false,
      });
      expect(await api.call('settings.set', { settings: { 'approvals.warnDays': 7 } })).toMatchObject({
        changed: false,
      });
      await api.call('settings.set', {
        settings: {
          'approvals.warnDays': null,
          'dispatch.lapsedHardList': null,
          'dispatch.favouriteDrivers': null,
        },
      });
      expect(await inForce()).toEqual(DEFAULTS);
    });

    test('a change is audited as one of the client; a dry run changes nothing', async () => {
      await api.call('settings.set', { settings: { 'account.authType': 'PIN' } });
      const [event] = (await api.call('log.list', { limit: 1 })).items;
      expect(event).toMatchObject({
        operation: 'settings.set',
        object: { objectType: 'Client', id: api.client.id },
        before: { settings: {} },
        after: { settings: { 'account.authType': 'PIN' } },
      });
      const dry = await api.call(
        'settings.set',
        { settings: { 'account.authType': 'SMS' } },
        { dryRun: true },
      );
      expect(dry).toMatchObject({ dryRun: true, settings: { 'account.authType': 'SMS' } });
      expect(await inForce()).toMatchObject({ 'account.authType': 'PIN' });
    });

    test('the mergePreference takes its other spellings', async () => {
      const { settings: set } = await api.call('settings.set', {
        settings: { 'account.mergePreference': 'OWN_ACCOUNT' },
      });
      expect(set['account.mergePreference']).toBe('ACCOUNT');
    });

    test.each([
      ['dispatch.preferredDriverHoldSeconds', -1],
      ['dispatch.preferredDriverHoldSeconds', 1801],
      ['dispatch.preferredDriverHoldSeconds', 1.5],
      ['dispatch.preferredDriverHoldSeconds', Number.NaN],
      ['dispatch.preferredDriverHoldSeconds', '120'],
      ['dispatch.favouriteDrivers', 'on'],
      ['dispatch.lapsedHardList', 'MAYBE'],
      ['account.authType', 'INHERIT'],
      ['account.mergePreference', 'INHERIT'],
      ['approvals.warnDays', {}],
    ])('%s cannot be %j', async (name, value) => {
      const before = await inForce();
      const refused = await failure(api.call('settings.set', { settings: { [name]: value } }));
      expect(refused.code).toBe('INVALID');
      expect(refused.message).toContain(name);
      expect(await inForce()).toEqual(before);
    });

    test('an unknown setting is refused with the nearest one', async () => {
      expect(await failure(api.call('settings.set', { settings: { 'approvals.warnDay': 3 } }))).toMatchObject(
        {
          code: 'INVALID',
          hint: 'did you mean approvals.warnDays?',
        },
      );
      for (const name of ['__proto__', 'constructor', 'toString'])
        expect(
          (await failure(api.call('settings.set', { settings: JSON.parse(`{"${name}": {}}`) }))).code,
        ).toBe('INVALID');
      expect(
        (await failure(api.any('client.update', { ref: api.client.id, settings: { nope: 1 } }))).code,
      ).toBe('INVALID');
    });
  });
}
