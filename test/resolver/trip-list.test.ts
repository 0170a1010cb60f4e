import { describe, expect, it } from 'vitest';
import { isLive, type PreferenceRow } from '../../src/resolver/trip-list.ts';
import type { Id } from '../../src/values/id.ts';
import type { Instant } from '../../src/values/instant.ts';

const row: PreferenceRow = {
  id: 'G8' as Id,
  driver: 'G9' as Id,
  mode: 'HARD',
  priority: 0,
  expiresAt: 1000 as Instant,
  deleted: false,
};

describe('a row is live', () => {
  it('until the second of its expiry, which is too late', () => {
    expect(isLive(row, 999 as Instant)).toBe(true);
    expect(isLive(row, 1000 as Instant)).toBe(false);
    expect(isLive(row, 1001 as Instant)).toBe(false);
  });

  it('for ever without an expiry', () => {
    expect(isLive({ ...row, expiresAt: null }, 253_402_300_799 as Instant)).toBe(true);
  });

  it('never once it is deleted', () => {
    expect(isLive({ ...row, deleted: true }, 1 as Instant)).toBe(false);
    expect(isLive({ ...row, expiresAt: null, deleted: true }, 1 as Instant)).toBe(false);
  });
});
