import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDuration } from '../../src/values/duration.ts';

describe('parseDuration', () => {
  it.each([
    ['30s', 30],
    ['5m', 300],
    ['2h', 7200],
    ['90d', 7_776_000],
    ['45', 45],
    ['0', 0],
    [' 2H ', 7200],
  ])('reads %s', (text, seconds) => expect(parseDuration(text)).toBe(seconds));

  it.each([
    '',
    's',
    '-5s',
    '+5s',
    '1.5h',
    '1h30m',
    '5 m',
    '5w',
    '1e3',
    `${'9'.repeat(20)}d`,
    '9007199254740992',
  ])('refuses %j', (text) => expect(parseDuration(text)).toBeUndefined());

  it('counts units in seconds', () => {
    fc.assert(
      fc.property(fc.nat(), (n) => {
        expect(parseDuration(`${n}s`)).toBe(n);
        expect(parseDuration(`${n}m`)).toBe(n * 60);
        expect(parseDuration(`${n}h`)).toBe(n * 3600);
        expect(parseDuration(`${n}d`)).toBe(n * 86_400);
      }),
    );
  });
});
