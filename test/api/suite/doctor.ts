import { describe, expect, test } from 'vitest';
import type { World } from '../world.ts';

/** The doctor looks at one client's data, and at nobody else's. */
export function doctor(world: () => World): void {
  describe('the doctor', () => {
    test('finds nothing where there is nothing', async () => {
      const { api } = await world().tenant();
      expect(await api.call('doctor.check', {})).toEqual({
        findings: [],
        checked: ['lists', 'drivers', 'exclusions', 'accounts', 'customers'],
        ok: true,
      });
    });

    test('counts all, lists ten, and puts the severe first', async () => {
      const own = await world().tenant();
      const other = await world().tenant();
      for (let n = 1; n <= 12; n += 1)
        await own.api.call('scheduleExclusionGroup.create', { name: `Group ${n}` });
      await own.api.call('driver.create', { callsign: 'D1', status: 'INACTIVE' });
      await own.api.call('customer.create', { firstName: 'Ann', email: 'ann@example.org' });
      await own.api.call('customer.create', { firstName: 'Bo', email: 'ann@example.org' });
      await own.api.call('driverCustomer.create', { driver: 'D1', customer: 'Ann', mode: 'HARD' });
      const { findings, ok } = await own.api.call('doctor.check', {});
      expect(ok).toBe(false);
      expect(findings.map(({ code, severity, count }) => `${severity} ${code} ${count}`)).toEqual([
        'ERROR LIST_LOST 1',
        'WARNING IDLE_DRIVER_LISTED 1',
        'WARNING GROUP_UNLINKED 12',
        'INFO CUSTOMER_TWINS 1',
      ]);
      expect(findings[2]?.records).toHaveLength(10);
      expect(findings[2]?.records[0]).toMatchObject({
        objectType: 'ScheduleExclusionGroup',
        name: 'Group 1',
      });
      for (const { fix, records } of findings) expect(records[0]?.fix).toBe(fix);
      expect((await other.api.call('doctor.check', {})).findings).toEqual([]);
    });

    test('takes customers whose names differ in accents and letter case for namesakes', async () => {
      const { api } = await world().tenant();
      const made: string[] = [];
      for (const [firstName, phone] of [
        ['Zoé', '+353850000001'],
        ['ZOE', '+353850000002'],
        ['Zora', '+353850000003'],
      ] as const)
        made.push((await api.call('customer.create', { firstName, phone })).id);
      const { findings } = await api.call('doctor.check', {});
      expect(findings).toMatchObject([{ code: 'CUSTOMER_TWINS', count: 1, records: [{ id: made[1] }] }]);
    });

    test('takes deleted records for gone', async () => {
      const { api } = await world().tenant();
      await api.call('driver.create', { callsign: 'D1', status: 'SUSPENDED' });
      await api.call('customer.create', { firstName: 'Ann' });
      await api.call('driverCustomer.create', { driver: 'D1', customer: 'Ann', mode: 'HARD' });
      await api.call('scheduleExclusionGroup.create', { name: 'Strike' });
      await api.call('scheduleExclusionGroup.delete', { ref: 'Strike' });
      await api.call('customer.delete', { ref: 'Ann' });
      const { findings } = await api.call('doctor.check', {});
      expect(findings).toEqual([]);
    });
  });
}
