import { beforeAll, describe, expect, test } from 'vitest';
import { type CheckedApi, failure } from '../checked-api.ts';
import type { World } from '../world.ts';

const DAY = 20_260_119 as never;

/** Recurring trips: their times, the links that hang on times, and skips. */
export function recurring(world: () => World): void {
  describe('recurring trips', () => {
    let api: CheckedApi;
    let count = 0;
    beforeAll(async () => {
      ({ api } = await world().tenant());
      for (const name of ['Snow', 'Strike']) await api.call('scheduleExclusionGroup.create', { name });
    });
    const run = (more: object = {}) => {
      count += 1;
      return api.any('recurringTrip.create', {
        ref: `R-${count}`,
        times: [
          { time: '8:15', weekdays: 'MON-FRI' },
          { time: '15:30', weekdays: ['WED', 'MON'], isReturn: true },
        ],
        ...more,
      });
    };
    const get = (ref: string) => api.any('recurringTrip.get', { ref });

    test('times are kept in their stored form, each with an id', async () => {
      const made = await run();
      expect(made.times).toMatchObject([
        { time: '08:15', weekdays: ['MON', 'TUE', 'WED', 'THU', 'FRI'], isReturn: false, endDay: null },
        { time: '15:30', weekdays: ['MON', 'WED'], isReturn: true, endDay: null },
      ]);
      expect(new Set(made.times.map((one: { id: string }) => one.id)).size).toBe(2);
    });

    test('a time keeps its id while other times come, go and change', async () => {
      const made = await run();
      const [morning, afternoon] = made.times;
      const added = await api.any('recurringTrip.update', {
        ref: made.id,
        add: { times: [{ time: '12:00', weekdays: 'SAT' }] },
      });
      expect(added.times.map((one: { id: string }) => one.id).slice(0, 2)).toEqual([
        morning.id,
        afternoon.id,
      ]);
      const same = await api.any('recurringTrip.update', {
        ref: made.id,
        times: [
          { time: '15:30', weekdays: 'MON,WED', isReturn: true },
          { time: '08:15', weekdays: 'MON-FRI' },
        ],
      });
      expect(same.times.map((one: { id: string }) => one.id)).toEqual([afternoon.id, morning.id]);
      const moved = await api.any('recurringTrip.update', {
        ref: made.id,
        times: [
          { id: morning.id, time: '08:30', weekdays: 'MON-FRI' },
          { time: '15:30', weekdays: 'TUE' },
        ],
      });
      expect(moved.times[0]).toMatchObject({ id: morning.id, time: '08:30' });
      expect([morning.id, afternoon.id]).not.toContain(moved.times[1].id);
    });

    test('ids of times are given out, not taken', async () => {
      expect(await failure(run({ times: [{ id: 'G5', time: '08:15', weekdays: 'MON' }] }))).toMatchObject({
        code: 'INVALID',
        details: [{ field: 'times' }],
      });
      const [one, other] = [await run(), await run()];
      for (const times of [[{ ...other.times[0] }], [one.times[0], one.times[0]]])
        expect(await failure(api.any('recurringTrip.update', { ref: one.id, times }))).toMatchObject({
          code: 'INVALID',
          details: [{ field: 'times' }],
        });
    });

    test('two times that coincide are taken with a warning', async () => {
      const made = await run({
        times: [
          { time: '08:15', weekdays: 'MON' },
          { time: '08:15', weekdays: 'MON,TUE' },
        ],
      });
      expect(made.warnings).toMatchObject([{ field: 'times' }]);
    });

    describe('links', () => {
      const link = (ref: string, recurringRef: string, time?: string) =>
        api.any('scheduleExclusionGroup.link', {
          ref,
          recurring: recurringRef,
          ...(time === undefined ? {} : { time }),
        });
      const unlink = (ref: string, recurringRef: string, time?: string) =>
        api.any('scheduleExclusionGroup.unlink', {
          ref,
          recurring: recurringRef,
          ...(time === undefined ? {} : { time }),
        });

      test('whole and per time, each once, and taken off again', async () => {
        const made = await run();
        const [morning, afternoon] = made.times;
        expect(await link('snow', made.id)).toMatchObject({
          changed: true,
          exclusionLinks: [{ group: { name: 'Snow' }, timeId: null }],
        });
        expect(await link('Snow', made.id)).toMatchObject({ changed: false });
        expect((await link('Snow', made.id, '8:15')).exclusionLinks).toHaveLength(2);
        const both = await link('Strike', made.id, '15:30');
        expect(both.exclusionLinks.map((one: { timeId: string }) => one.timeId)).toEqual([
          null,
          morning.id,
          afternoon.id,
        ]);
        expect((await unlink('Snow', made.id, '08:15')).exclusionLinks).toHaveLength(2);
        expect(await unlink('Snow', made.id, '08:15')).toMatchObject({ changed: false });
        await link('Snow', made.id, '15:30');
        expect((await unlink('Snow', made.id)).exclusionLinks).toMatchObject([
          { group: { name: 'Strike' }, timeId: afternoon.id },
        ]);
        expect(
          (await api.call('recurringTrip.list', { exclusion: 'strike' })).items.map((one) => one.id),
        ).toContain(made.id);
      });

      test('removing a time drops its links and no other', async () => {
        const made = await run();
        await link('Snow', made.id);
        await link('Snow', made.id, '08:15');
        await link('Strike', made.id, '15:30');
        const left = await api.any('recurringTrip.update', { ref: made.id, times: [made.times[1]] });
        expect(left.exclusionLinks).toMatchObject([
          { group: { name: 'Snow' }, timeId: null },
          { group: { name: 'Strike' }, timeId: made.times[1].id },
        ]);
      });

      test('a link to a time that the trip does not have is refused', async () => {
        const made = await run();
        expect(await failure(link('Snow', made.id, '09:00'))).toMatchObject({
          code: 'INVALID',
          details: [{ field: 'time' }],
        });
        expect((await failure(link('Snow', made.id, 'noon'))).code).toBe('INVALID');
        const exclusionLinks = [{ group: 'Snow', timeId: 'G77' }];
        for (const call of [
          () => run({ exclusionLinks }),
          () => api.any('recurringTrip.update', { ref: made.id, exclusionLinks }),
        ])
          expect(await failure(call())).toMatchObject({
            code: 'INVALID',
            details: [{ field: 'exclusionLinks' }],
          });
        expect((await failure(link('Nope', made.id))).code).toBe('NOT_FOUND');
      });

      test('set outright with the trip', async () => {
        const made = await run({ exclusionLinks: [{ group: 'Snow' }, { group: 'snow' }] });
        expect(made.exclusionLinks).toMatchObject([{ group: { name: 'Snow' }, timeId: null }]);
      });
    });

    describe('skips', () => {
      const skip = (ref: string, more: object = {}) =>
        api.any('recurringTrip.skip', { ref, day: DAY, ...more });
      const unskip = (ref: string, more: object = {}) =>
        api.any('recurringTrip.unskip', { ref, day: DAY, ...more });

      test('whole days and single times, each once; a new reason replaces the old', async () => {
        const made = await run();
        expect((await skip(made.id, { reason: 'ill' })).skips).toEqual([
          { day: DAY, time: null, reason: 'ill' },
        ]);
        expect(await skip(made.id, { reason: 'ill' })).toMatchObject({ changed: false });
        expect((await skip(made.id, { reason: 'well' })).skips).toEqual([
          { day: DAY, time: null, reason: 'well' },
        ]);
        expect((await skip(made.id, { time: '0815' })).skips).toHaveLength(2);
        expect((await unskip(made.id, { time: '08:15' })).skips).toHaveLength(1);
        await skip(made.id, { time: '15:30' });
        expect((await unskip(made.id)).skips).toEqual([]);
        expect(await unskip(made.id)).toMatchObject({ changed: false });
      });

      test('only at a time that it goes out', async () => {
        const made = await run();
        expect(await failure(skip(made.id, { time: '09:00' }))).toMatchObject({
          code: 'INVALID',
          hint: 'it goes out at 08:15, 15:30',
          details: [{ field: 'time' }],
        });
        await skip(made.id, { time: '08:15' });
        await api.any('recurringTrip.update', { ref: made.id, times: [made.times[1]] });
        expect((await unskip(made.id, { time: '08:15' })).skips).toEqual([]);
        expect((await get(made.id)).skips).toEqual([]);
      });

      test.each([0, 20_260_230, 20_261_301, 1.5, '2026-01-19', null])(
        'the day %j is refused',
        async (day) => {
          const made = await run();
          expect(await failure(skip(made.id, { day }))).toMatchObject({
            code: 'INVALID',
            details: [{ field: 'day' }],
          });
        },
      );
    });
  });
}
