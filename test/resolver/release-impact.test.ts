import { describe, expect, it } from 'vitest';
import {
  decideRelease,
  type ExclusionGroup,
  type Occurrence,
  resumeDue,
} from '../../src/resolver/release.ts';
import { impactOf, withGroup } from '../../src/resolver/release-impact.ts';
import type { ReleaseWorld } from './case-format.ts';
import { readDay, releaseFacts } from './world.ts';

const world = {
  day: '2025-01-10',
  groups: { Storm: { mode: 'RUN_SCHEDULE' }, Closed: { mode: 'RUN_OFF' } },
  recurring: {
    'SR-1': { times: ['08:15 FRI', '15:30 FRI'], groups: ['Storm'] },
    'SR-2': { times: ['08:15 FRI'], groups: ['Storm', 'Closed'] },
    'SR-3': { times: ['08:15 FRI', '15:30 FRI'], groups: ['Storm @ 15:30'] },
    'SR-4': { times: ['08:15 FRI'] },
  },
} satisfies ReleaseWorld;
const calm = releaseFacts(world);
const storm = withMode('RUN_OFF');
const at = (list: readonly Occurrence[]) =>
  list.map((one) => `${one.time} ${one.recurringTrip.ref} ${one.outcome}`);

/** The world with its storm group in another mode. */
function withMode(mode: ExclusionGroup['mode']) {
  const group = calm.recurringTrips[0]?.links[0]?.group;
  if (group === undefined) throw new Error('no group is linked');
  return withGroup(calm, { ...group, mode });
}

describe('the impact of a change to a group', () => {
  it('is what goes out before it and not after it', () => {
    const impact = impactOf(decideRelease(calm), decideRelease(storm));
    expect(at(impact.suppressed)).toEqual([
      '08:15 SR-1 SUPPRESSED',
      '15:30 SR-1 SUPPRESSED',
      '15:30 SR-3 SUPPRESSED',
    ]);
    expect(impact.released).toEqual([]);
    expect(impact.suppressed[0]?.causes).toMatchObject([{ code: 'GROUP_OFF', group: { name: 'Storm' } }]);
  });

  it('is the reverse when the change is undone', () => {
    const impact = impactOf(decideRelease(storm), decideRelease(calm));
    expect(at(impact.released)).toEqual([
      '08:15 SR-1 RELEASED',
      '15:30 SR-1 RELEASED',
      '15:30 SR-3 RELEASED',
    ]);
    expect(impact.suppressed).toEqual([]);
  });

  it('is nothing where nothing changes', () => {
    expect(impactOf(decideRelease(calm), decideRelease(withMode('RUN_ON')))).toEqual({
      suppressed: [],
      released: [],
    });
  });

  it('leaves out an occurrence that only one of the decisions has', () => {
    const fewer = { ...calm, recurringTrips: calm.recurringTrips.slice(1) };
    expect(at(impactOf(decideRelease(fewer), decideRelease(storm)).suppressed)).toEqual([
      '15:30 SR-3 SUPPRESSED',
    ]);
    expect(at(impactOf(decideRelease(storm), decideRelease(fewer)).released)).toEqual([
      '15:30 SR-3 RELEASED',
    ]);
  });
});

describe('whether the resume of an override is due', () => {
  const due = (mode: ExclusionGroup['mode'], resume: string | null, today: string) =>
    resumeDue({ mode, scheduleResumeDay: resume === null ? null : readDay(resume) }, readDay(today));

  it('is so from the resume day on, not the day before', () => {
    expect(due('RUN_OFF', '2025-01-10', '2025-01-09')).toBe(false);
    expect(due('RUN_OFF', '2025-01-10', '2025-01-10')).toBe(true);
    expect(due('RUN_ON', '2025-01-10', '2025-01-10')).toBe(true);
    expect(due('RUN_ON', '2024-12-31', '2025-01-01')).toBe(true);
  });

  it('is never so without a resume day, nor under the schedule', () => {
    expect(due('RUN_OFF', null, '2025-01-10')).toBe(false);
    expect(due('RUN_SCHEDULE', '2025-01-10', '2025-01-10')).toBe(false);
  });
});
