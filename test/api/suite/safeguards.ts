import { beforeAll, describe, expect, test } from 'vitest';
import { addDays, type Day } from '../../../src/values/day.ts';
import { type CheckedApi, failure } from '../checked-api.ts';
import { NOON, TODAY, type World } from '../world.ts';

const TOMORROW = addDays(TODAY, 1);
const SATURDAY = addDays(TODAY, 5);
const DAY_SECONDS = 86_400;

/** What keeps an operator from believing that a car stays at home, or that an approval counts. */
export function safeguards(world: () => World): void {
  describe('safeguards', () => {
    let api: CheckedApi;
    let count = 0;
    beforeAll(async () => {
      ({ api } = await world().tenant());
    });
    /** A run on weekdays at 08:15, paused by a group of its own. */
    const run = async () => {
      count += 1;
      const [ref, group] = [`SR-${count}`, `Storm ${count}`];
      await api.any('recurringTrip.create', { ref, times: [{ time: '08:15', weekdays: 'MON-FRI' }] });
      await api.call('scheduleExclusionGroup.create', { name: group });
      return { ref, group, trip: `${ref}-${TOMORROW}-0815` };
    };
    const tripsOf = async (ref: string) => (await api.any('trip.list', { recurring: ref })).items.length;

    test('a run whose weekdays change keeps its id: no second trip, and its own links stay', async () => {
      const { ref, group } = await run();
      await api.call('scheduleExclusionGroup.link', { ref: group, recurring: ref, time: '08:15' });
      await api.call('release.commit', { day: TOMORROW });
      expect(await tripsOf(ref)).toBe(1);
      const before = await api.any('recurringTrip.get', { ref });
      const changed = await api.any('recurringTrip.update', {
        ref,
        times: [{ time: '08:15', weekdays: 'MON-THU' }],
      });
      expect(changed.times[0].id).toBe(before.times[0].id);
      expect(changed.exclusionLinks).toEqual(before.exclusionLinks);
      expect(changed.warnings).toEqual([]);
      await api.call('release.commit', { day: TOMORROW });
      expect(await tripsOf(ref)).toBe(1);
    });

    test('a time that goes takes its own links along, and that is said', async () => {
      const { ref, group } = await run();
      await api.call('scheduleExclusionGroup.link', { ref: group, recurring: ref, time: '08:15' });
      const changed = await api.any('recurringTrip.update', {
        ref,
        times: [{ time: '09:00', weekdays: 'MON-FRI' }],
      });
      expect(changed.exclusionLinks).toEqual([]);
      expect(changed.warnings).toMatchObject([{ field: 'times', value: '08:15' }]);
    });

    test('holding back a run whose trip was created warns of the trip that stands', async () => {
      const { ref, group, trip } = await run();
      await api.call('scheduleExclusionGroup.link', { ref: group, recurring: ref });
      await api.call('release.commit', { day: TOMORROW });
      const warnings = [{ field: 'trip', trips: [trip], hint: expect.stringContaining(trip) }];
      const flip = { ref: group, mode: 'RUN_OFF' as const };
      expect((await api.call('scheduleExclusionGroup.set', flip)).warnings).toMatchObject(warnings);
      expect((await api.call('release.preview', { day: TOMORROW })).warnings).toMatchObject(warnings);
      const skipped = await api.call('recurringTrip.skip', { ref, day: TOMORROW });
      expect(skipped.warnings).toMatchObject(warnings);
      await api.call('trip.update', { ref: trip, status: 'CANCELLED' });
      expect((await api.call('release.preview', { day: TOMORROW })).warnings).toEqual([]);
    });

    test('a skip that leaves nothing out is told', async () => {
      const { ref } = await run();
      const skipped = await api.call('recurringTrip.skip', { ref, day: SATURDAY });
      expect(skipped.warnings).toMatchObject([{ field: 'day', value: String(SATURDAY) }]);
      expect((await api.call('recurringTrip.skip', { ref, day: addDays(TODAY, 3) })).warnings).toEqual([]);
    });

    test('an approval that has lapsed when it is made is told', async () => {
      await api.call('driver.create', { callsign: 'L1' });
      await api.call('specialCategoryPassenger.create', { ref: 'KID-L' });
      const made = await api.any('driverScp.create', {
        driver: 'L1',
        scp: 'KID-L',
        mode: 'HARD',
        expiresAt: NOON,
      });
      expect(made.warnings).toMatchObject([{ field: 'expiresAt' }]);
      const renewed = await api.any('driverScp.update', { ref: made.id, expiresAt: NOON + 1 });
      expect(renewed.warnings).toEqual([]);
    });

    test('a driver who goes while nobody else is approved for a passenger leaves them stranded, and that is said', async () => {
      for (const callsign of ['S1', 'S2']) await api.call('driver.create', { callsign });
      await api.call('specialCategoryPassenger.create', { ref: 'KID-S' });
      for (const driver of ['S1', 'S2'])
        await api.any('driverScp.create', { driver, scp: 'KID-S', mode: 'HARD' });
      expect((await api.any('driver.update', { ref: 'S1', status: 'SUSPENDED' })).warnings).toEqual([]);
      const stranded = [{ field: 'status', message: expect.stringContaining('KID-S') }];
      expect((await api.any('driver.update', { ref: 'S2', status: 'INACTIVE' })).warnings).toMatchObject(
        stranded,
      );
      await api.any('driver.update', { ref: 'S2', status: 'ACTIVE' });
      expect((await api.any('driver.update', { ref: 'S2', firstName: 'Sam' })).warnings).toEqual([]);
      expect((await api.any('driver.delete', { ref: 'S2' })).warnings).toMatchObject(stranded);
    });

    test('a record restored while what it refers to is deleted says so', async () => {
      await api.call('driver.create', { callsign: 'L2' });
      await api.call('specialCategoryPassenger.create', { ref: 'KID-M' });
      const made = await api.any('driverScp.create', { driver: 'L2', scp: 'KID-M', mode: 'SOFT' });
      await api.call('driverScp.delete', { ref: made.id });
      await api.call('driver.delete', { ref: 'L2' });
      const restored = await api.call('driverScp.restore', { ref: made.id });
      expect(restored.warnings).toMatchObject([{ message: expect.stringContaining('L2') }]);
    });

    test('a replayed request is answered though a record it refers to is gone, but never with another secret', async () => {
      await api.call('account.create', { ref: 'GONE' });
      const input = {
        firstName: 'Kay',
        password: 'first-secret',
        defaultAccount: 'GONE',
        internalKey: 'kay',
      };
      const first = await api.any('customer.create', input);
      expect(await failure(api.any('customer.create', { ...input, password: 'other-secret' }))).toMatchObject(
        { code: 'CONFLICT' },
      );
      const { id } = first.defaultAccount;
      await api.call('account.delete', { ref: 'GONE' });
      expect(await api.any('customer.create', { ...input, defaultAccount: { id } })).toMatchObject({
        id: first.id,
        replayed: true,
      });
    });

    test.each(['\u00ad', '\u3164', '\u{e0041}'])(
      'a handle that nobody can see is refused: %j',
      async (callsign) => {
        expect(await failure(api.any('driver.create', { callsign }))).toMatchObject({ code: 'INVALID' });
      },
    );

    test('a department that two readings of a reference fit is a conflict', async () => {
      for (const [account, departmentName] of [
        ['AC', 'DC/Sales'],
        ['AC/DC', 'Sales'],
      ] as const) {
        await api.call('account.create', { ref: account });
        await api.any('accountDepartment.create', { account, departmentName });
      }
      expect(await failure(api.call('accountDepartment.get', { ref: 'AC/DC/Sales' }))).toMatchObject({
        code: 'CONFLICT',
      });
    });

    test('a question about a moment that has not come stores no revert, and still answers as of then', async () => {
      const { group } = await run();
      await api.call('scheduleExclusionGroup.set', {
        ref: group,
        mode: 'RUN_OFF',
        scheduleResumeDay: addDays(TODAY, 2) as Day,
      });
      const session = world().session({ client: api.client.id, now: NOON + 3 * DAY_SECONDS });
      const later = await world().store.open({ ...session, arrivedMs: NOON * 1000 });
      expect(await later.call('scheduleExclusionGroup.get', { ref: group })).toMatchObject({
        mode: 'RUN_SCHEDULE',
        scheduleResumeDay: null,
      });
      await later.close();
      expect(await api.call('scheduleExclusionGroup.get', { ref: group })).toMatchObject({ mode: 'RUN_OFF' });
    });
  });
}
