import { beforeAll, describe, expect, test } from 'vitest';
import { addDays, type Day } from '../../../src/values/day.ts';
import { type CheckedApi, failure } from '../checked-api.ts';
import { TODAY, type World } from '../world.ts';

/** Flipping groups, and what that does (spec sections 4.2 and 5). */
export function exclusions(world: () => World): void {
  describe('exclusion groups', () => {
    let api: CheckedApi;
    beforeAll(async () => {
      ({ api } = await world().tenant());
      const times = [
        { time: '08:15', weekdays: 'MON-FRI' as never },
        { time: '15:30', weekdays: 'MON-FRI' as never },
      ];
      for (const ref of ['R1', 'R2', 'R3']) await api.call('recurringTrip.create', { ref, times });
      for (const name of ['Snow', 'Half', 'Break']) await api.call('scheduleExclusionGroup.create', { name });
      await api.call('scheduleExclusionGroup.link', { ref: 'Snow', recurring: 'R1' });
      await api.call('scheduleExclusionGroup.link', { ref: 'Half', recurring: 'R2', time: '15:30' });
      await api.call('recurringTrip.skip', {
        ref: 'R1',
        day: addDays(TODAY, 1),
        time: '08:15',
        reason: 'ill',
      });
    });
    const set = (input: object) => api.any('scheduleExclusionGroup.set', input);

    test('set says before, after and what it suppresses over the next seven days', async () => {
      const off = await set({ ref: 'snow', mode: 'RUN_OFF' });
      expect(off).toMatchObject({
        group: { name: 'Snow', mode: 'RUN_OFF' },
        before: { mode: 'RUN_SCHEDULE', startDay: null, endDay: null, scheduleResumeDay: null },
        after: { mode: 'RUN_OFF' },
        changed: true,
        changes: [{ field: 'mode', before: 'RUN_SCHEDULE', after: 'RUN_OFF' }],
        impact: { from: TODAY, to: addDays(TODAY, 6), released: [] },
      });
      // Monday to Friday twice a day, without the run that is skipped already.
      expect(off.impact.suppressed).toHaveLength(9);
      expect(off.impact.suppressed[0]).toMatchObject({
        day: TODAY,
        time: '08:15',
        recurringTrip: { ref: 'R1' },
        outcome: 'SUPPRESSED',
      });
    });

    test('the second time nothing changes', async () => {
      const before = (await api.call('log.list', {})).items.length;
      const again = await set({ ref: 'Snow', mode: 'RUN_OFF' });
      expect(again).toMatchObject({ changed: false, changes: [], impact: { suppressed: [], released: [] } });
      expect((await api.call('log.list', {})).items).toHaveLength(before);
    });

    test('back again it releases them; a dry run only says so', async () => {
      const dry = await api.call(
        'scheduleExclusionGroup.set',
        { ref: 'Snow', mode: 'RUN_ON', impactDays: 2 },
        { dryRun: true },
      );
      expect(dry).toMatchObject({ dryRun: true, changed: true, after: { mode: 'RUN_ON' } });
      expect(dry.impact.released).toHaveLength(3);
      expect(await api.call('scheduleExclusionGroup.get', { ref: 'Snow' })).toMatchObject({
        mode: 'RUN_OFF',
      });
      expect((await set({ ref: 'Snow', mode: 'RUN_ON', impactDays: 0 })).impact).toMatchObject({
        suppressed: [],
        released: [],
      });
    });

    test('the resume day stays with its mode, goes with another, and comes as given', async () => {
      const later = addDays(TODAY, 3);
      const off = await set({ ref: 'Break', mode: 'RUN_OFF', scheduleResumeDay: later });
      expect(off.after).toMatchObject({ mode: 'RUN_OFF', scheduleResumeDay: later });
      expect((await set({ ref: 'Break', mode: 'RUN_OFF' })).after).toMatchObject({
        scheduleResumeDay: later,
      });
      expect((await set({ ref: 'Break', mode: 'RUN_ON' })).after).toMatchObject({ scheduleResumeDay: null });
      await set({ ref: 'Break', mode: 'RUN_OFF', scheduleResumeDay: later });
      expect((await set({ ref: 'Break', mode: 'RUN_OFF', scheduleResumeDay: null })).after).toMatchObject({
        scheduleResumeDay: null,
      });
    });

    test('the impact ends where the override does', async () => {
      await api.call('scheduleExclusionGroup.create', { name: 'Short' });
      await api.call('scheduleExclusionGroup.link', { ref: 'Short', recurring: 'R3' });
      const { impact } = await set({ ref: 'Short', mode: 'RUN_OFF', scheduleResumeDay: addDays(TODAY, 2) });
      expect(impact.suppressed.map((one: { day: Day }) => one.day)).toEqual([
        TODAY,
        TODAY,
        addDays(TODAY, 1),
        addDays(TODAY, 1),
      ]);
      await set({ ref: 'Short', mode: 'RUN_SCHEDULE' });
    });

    test('a window, of which both ends count', async () => {
      const window = { startDay: addDays(TODAY, 1), endDay: addDays(TODAY, 2) };
      const { impact } = await set({ ref: 'Half', mode: 'RUN_SCHEDULE', ...window });
      expect(impact.suppressed.map((one: { day: Day; time: string }) => [one.day, one.time])).toEqual([
        [window.startDay, '15:30'],
        [window.endDay, '15:30'],
      ]);
      const state = async (day: Day) => {
        const status = await api.call('scheduleExclusionGroup.status', { ref: 'Half', day });
        return [status.state, status.because];
      };
      expect(await Promise.all([0, 1, 2, 3].map((n) => state(addDays(TODAY, n))))).toEqual([
        ['ON', null],
        ['OFF', 'WINDOW'],
        ['OFF', 'WINDOW'],
        ['ON', null],
      ]);
    });

    test('status says what is stored and what is in force on the day', async () => {
      const resume = addDays(TODAY, 2);
      await set({ ref: 'Snow', mode: 'RUN_OFF', scheduleResumeDay: resume });
      expect(await api.call('scheduleExclusionGroup.status', { ref: 'Snow', day: TODAY })).toMatchObject({
        group: { name: 'Snow' },
        state: 'OFF',
        mode: 'RUN_OFF',
        because: 'RUN_OFF',
        storedMode: 'RUN_OFF',
        scheduleResumeDay: resume,
        linkedTrips: 1,
      });
      expect(await api.call('scheduleExclusionGroup.status', { ref: 'Snow', day: resume })).toMatchObject({
        state: 'ON',
        mode: 'RUN_SCHEDULE',
        storedMode: 'RUN_OFF',
      });
    });

    test('the calendar says of each day what the release says', async () => {
      const [from, to] = [TODAY, addDays(TODAY, 13)];
      const calendar = await api.call('scheduleExclusionGroup.calendar', { from, to });
      expect(calendar.groups.map((one) => one.group.name)).toEqual(['Snow', 'Half', 'Break', 'Short']);
      expect(calendar.groups.every((one) => one.days.length === 14)).toBe(true);
      for (let day: Day = from; day <= to; day = addDays(day, 1)) {
        const { occurrences } = await api.call('release.preview', { day });
        for (const { recurringTrip, days } of calendar.trips) {
          const own = occurrences.filter((one) => one.recurringTrip.id === recurringTrip.id);
          const shown = days.find((one) => one.day === day);
          expect([shown?.released ?? 0, shown?.suppressed ?? 0], `${recurringTrip.ref} on ${day}`).toEqual([
            own.filter((one) => one.outcome === 'RELEASED').length,
            own.filter((one) => one.outcome === 'SUPPRESSED').length,
          ]);
          expect(shown?.heldBack ?? []).toEqual(
            own
              .filter((one) => one.outcome === 'SUPPRESSED')
              .map((one) => ({ time: one.time, causes: one.causes })),
          );
          const causes = own.flatMap((one) => one.causes.map((cause) => JSON.stringify(cause)));
          expect((shown?.causes ?? []).map((cause) => JSON.stringify(cause)).sort()).toEqual(
            [...new Set(causes)].sort(),
          );
        }
        for (const { group, days } of calendar.groups) {
          const status = await api.call('scheduleExclusionGroup.status', { ref: group.id, day });
          expect(days.find((one) => one.day === day)).toEqual({
            day,
            state: status.state,
            because: status.because,
          });
        }
      }
    });

    test('the calendar of one group, or of one recurring trip', async () => {
      const days = { from: TODAY, to: TODAY };
      const ofGroup = await api.call('scheduleExclusionGroup.calendar', { ...days, group: 'half' });
      expect(ofGroup).toMatchObject({
        groups: [{ group: { name: 'Half' } }],
        trips: [{ recurringTrip: { ref: 'R2' } }],
      });
      const ofTrip = await api.call('scheduleExclusionGroup.calendar', { ...days, recurring: 'R1' });
      expect(ofTrip).toMatchObject({
        groups: [{ group: { name: 'Snow' } }],
        trips: [{ recurringTrip: { ref: 'R1' } }],
      });
    });

    test.each([
      [{ ref: 'Snow', mode: 'OFF' }, 'mode'],
      [{ ref: 'Snow', mode: 'RUN_OFF', impactDays: -1 }, 'impactDays'],
      [{ ref: 'Snow', mode: 'RUN_OFF', impactDays: 400 }, 'impactDays'],
      [{ ref: 'Snow', mode: 'RUN_OFF', impactDays: Number.NaN }, 'impactDays'],
      [{ ref: 'Snow', mode: 'RUN_OFF', scheduleResumeDay: 0 }, 'scheduleResumeDay'],
      [{ ref: 'Snow', mode: 'RUN_OFF', scheduleResumeDay: 20_260_230 }, 'scheduleResumeDay'],
      [{ ref: 'Snow', mode: 'RUN_SCHEDULE', startDay: 20_260_202, endDay: 20_260_201 }, 'endDay'],
    ])('set %j is refused', async (input, field) => {
      const before = await api.call('scheduleExclusionGroup.get', { ref: 'Snow' });
      expect(await failure(set(input))).toMatchObject({ code: 'INVALID', details: [{ field }] });
      expect(await api.call('scheduleExclusionGroup.get', { ref: 'Snow' })).toEqual(before);
    });

    test.each([
      [{ from: 20_260_201, to: 20_260_131 }, 'to'],
      [{ from: 20_260_201, to: 20_270_202 }, 'to'],
      [{ from: 0, to: 20_260_131 }, 'from'],
      [{ from: 20_260_101, to: 20_260_132 }, 'to'],
    ])('calendar %j is refused', async (input, field) => {
      expect(await failure(api.any('scheduleExclusionGroup.calendar', input))).toMatchObject({
        code: 'INVALID',
        details: [{ field }],
      });
    });

    test('a deleted group holds back nothing', async () => {
      await set({ ref: 'Snow', mode: 'RUN_OFF', scheduleResumeDay: null });
      const suppressed = async () =>
        (await api.call('release.preview', { day: addDays(TODAY, 4) })).summary.suppressed;
      expect(await suppressed()).toBe(2);
      const { id } = await api.call('scheduleExclusionGroup.delete', { ref: 'Snow' });
      expect(await suppressed()).toBe(0);
      await api.call('scheduleExclusionGroup.restore', { ref: id });
      expect(await suppressed()).toBe(2);
    });
  });
}
