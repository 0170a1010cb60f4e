import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeTimeOfDay, parseTimeOfDay } from '../../src/values/time-of-day.ts';

describe('parseTimeOfDay', () => {
  it.each([
    ['08:15', '08:15'],
    ['8:15', '08:15'],
    ['0815', '08:15'],
    [' 23:59 ', '23:59'],
    ['00:00', '00:00'],
    ['0:00', '00:00'],
  ])('reads %s', (text, expected) => expect(parseTimeOfDay(text)).toBe(expected));

  it.each(['24:00', '12:60', '8', '815', '8:5', '08:15:00', '08.15', '8:15pm', '-1:00', '', '08:1５'])(
    'refuses %j',
    (text) => expect(parseTimeOfDay(text)).toBeUndefined(),
  );

  it('reads back every time that makeTimeOfDay makes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }), (hour, minute) => {
        const time = makeTimeOfDay(hour, minute);
        expect(time).toMatch(/^\d\d:\d\d$/);
        expect(parseTimeOfDay(String(time))).toBe(time);
        expect(parseTimeOfDay(String(time).replace(':', ''))).toBe(time);
      }),
    );
  });
});

describe('makeTimeOfDay', () => {
  it('has no time outside the day', () => {
    for (const [hour, minute] of [
      [24, 0],
      [-1, 0],
      [0, 60],
      [0, -1],
      [1.5, 0],
    ] as const) {
      expect(makeTimeOfDay(hour, minute)).toBeUndefined();
    }
  });
});
