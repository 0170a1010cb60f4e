import { describe, expect, test } from 'vitest';
import { addDays, type Day } from '../../../src/values/day.ts';
import { endOfDay } from '../../../src/values/zone.ts';
import { NOON, type Tenant, TODAY, type World } from '../world.ts';

const RESUME = addDays(TODAY, 2);
/** The first instant of the resume day. */
const COME = endOfDay(addDays(TODAY, 1), 'Europe/Dublin');

/** An override reverts on the next read once its resume day has come (spec section 4.2). */
export function resumes(world: () => World): void {
  describe('resuming', () => {
    const withOverride = async (mode: 'RUN_OFF' | 'RUN_ON' = 'RUN_OFF'): Promise<Tenant> => {
      const tenant = await world().tenant();
      const { api } = tenant;
      await api.call('recurringTrip.create', {
        ref: 'R',
        times: [{ time: '08:15', weekdays: 'MON-SUN' as never }],
      });
      await api.call('scheduleExclusionGroup.create', { name: 'Snow' });
      await api.call('scheduleExclusionGroup.link', { ref: 'Snow', recurring: 'R' });
      await api.call('scheduleExclusionGroup.set', { ref: 'Snow', mode, scheduleResumeDay: RESUME });
      return tenant;
    };
    const systemChanges = async ({ api }: Tenant) => (await api.call('log.list', { actor: 'system' })).items;

    const reads: readonly (readonly [string, object])[] = [
      ['scheduleExclusionGroup.get', { ref: 'Snow' }],
      ['scheduleExclusionGroup.list', {}],
      ['scheduleExclusionGroup.list', { mode: 'RUN_OFF' }],
      ['scheduleExclusionGroup.status', { ref: 'Snow', day: RESUME }],
      ['scheduleExclusionGroup.calendar', { from: RESUME, to: RESUME }],
      ['release.preview', { day: RESUME }],
      ['release.commit', { day: RESUME }],
    ];

    test.each(reads)('%s %j stores it, once, as the system’s own change', async (operation, input) => {
      const tenant = await withOverride();
      const eve = await tenant.open({ now: COME, actor: 'eve', reason: 'hers' });
      await eve.any(operation, input);
      await eve.any(operation, input);
      const [event, ...others] = await systemChanges(tenant);
      expect(others).toEqual([]);
      expect(event).toMatchObject({
        at: COME,
        actor: 'system',
        operation: 'scheduleExclusionGroup.resume',
        action: 'UPDATE',
        object: { name: 'Snow' },
        before: { mode: 'RUN_OFF', scheduleResumeDay: RESUME },
        after: { mode: 'RUN_SCHEDULE', scheduleResumeDay: null },
      });
      expect(event?.reason).not.toBe('hers');
      expect(await eve.call('scheduleExclusionGroup.get', { ref: 'Snow' })).toMatchObject({
        mode: 'RUN_SCHEDULE',
        scheduleResumeDay: null,
        updatedDate: COME,
      });
    });

    test('not a second before the client’s day begins', async () => {
      const tenant = await withOverride();
      const early = await tenant.open({ now: COME - 1 });
      expect(await early.call('scheduleExclusionGroup.get', { ref: 'Snow' })).toMatchObject({
        mode: 'RUN_OFF',
      });
      expect(await systemChanges(tenant)).toEqual([]);
    });

    test('of readers at the same moment one stores it', async () => {
      const tenant = await withOverride('RUN_ON');
      const readers = await Promise.all([1, 2, 3, 4].map(() => tenant.open({ now: COME })));
      const read = await Promise.all(
        readers.map((api) => api.call('scheduleExclusionGroup.get', { ref: 'Snow' })),
      );
      expect(read.map((group) => group.mode)).toEqual([
        'RUN_SCHEDULE',
        'RUN_SCHEDULE',
        'RUN_SCHEDULE',
        'RUN_SCHEDULE',
      ]);
      expect(await systemChanges(tenant)).toHaveLength(1);
    });

    test('a flip afterwards starts from what is in force; a dry run of one stores nothing', async () => {
      const tenant = await withOverride();
      const late = await tenant.open({ now: COME });
      const flip = { ref: 'Snow', mode: 'RUN_OFF' } as const;
      const dry = await late.call('scheduleExclusionGroup.set', flip, { dryRun: true });
      expect(dry).toMatchObject({
        changed: true,
        before: { mode: 'RUN_SCHEDULE' },
        after: { mode: 'RUN_OFF', scheduleResumeDay: null },
      });
      expect(await systemChanges(tenant)).toEqual([]);
      expect(await late.call('scheduleExclusionGroup.set', flip)).toMatchObject({
        changed: true,
        before: { mode: 'RUN_SCHEDULE' },
      });
      expect(await systemChanges(tenant)).toHaveLength(1);
    });

    test('a resume day that has come already is taken, with a warning, and reverts on the next read', async () => {
      const tenant = await withOverride();
      const set = await tenant.api.call('scheduleExclusionGroup.set', {
        ref: 'Snow',
        mode: 'RUN_ON',
        scheduleResumeDay: TODAY,
      });
      expect(set).toMatchObject({ changed: true, after: { mode: 'RUN_ON', scheduleResumeDay: TODAY } });
      expect(set.warnings).toHaveLength(1);
      expect(await tenant.api.call('scheduleExclusionGroup.get', { ref: 'Snow' })).toMatchObject({
        mode: 'RUN_SCHEDULE',
      });
      const updated = await tenant.api.call('scheduleExclusionGroup.update', {
        ref: 'Snow',
        mode: 'RUN_OFF',
        scheduleResumeDay: addDays(TODAY, -1),
      });
      expect(updated.warnings).toMatchObject([{ field: 'scheduleResumeDay' }]);
    });

    test('a resume day means nothing under RUN_SCHEDULE, nor to a deleted group', async () => {
      const tenant = await withOverride();
      await tenant.api.call('scheduleExclusionGroup.create', {
        name: 'Window',
        scheduleResumeDay: TODAY as Day,
      });
      expect(await tenant.api.call('scheduleExclusionGroup.get', { ref: 'Window' })).toMatchObject({
        scheduleResumeDay: TODAY,
      });
      const { id } = await tenant.api.call('scheduleExclusionGroup.delete', { ref: 'Snow' });
      const late = await tenant.open({ now: COME });
      expect(await late.call('scheduleExclusionGroup.get', { ref: id })).toMatchObject({ mode: 'RUN_OFF' });
      expect(await systemChanges(tenant)).toEqual([]);
    });

    test('today is that of the client’s zone', async () => {
      const tenant = await world().tenant('Pacific/Auckland');
      await tenant.api.call('scheduleExclusionGroup.create', {
        name: 'Snow',
        mode: 'RUN_OFF',
        scheduleResumeDay: addDays(TODAY, 1),
      });
      // Noon in Dublin is past midnight in Auckland.
      expect(
        await (await tenant.open({ now: NOON })).call('scheduleExclusionGroup.get', { ref: 'Snow' }),
      ).toMatchObject({
        mode: 'RUN_SCHEDULE',
      });
    });
  });
}
