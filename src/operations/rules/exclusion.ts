import type { Stored } from '../../db/codec.ts';
import { resumeDue } from '../../resolver/release.ts';
import { type Day, formatDay } from '../../values/day.ts';
import type { ErrorDetail } from '../../values/error.ts';
import type { Rules } from '../rules.ts';
import type { Work } from '../work.ts';

/** Spec section 4.2: an override whose resume day has come is accepted, with a warning. */
function warnOfResume(work: Work, values: Stored): readonly ErrorDetail[] {
  const group = values as { mode: 'RUN_SCHEDULE' | 'RUN_ON' | 'RUN_OFF'; scheduleResumeDay: Day | null };
  if (!resumeDue(group, work.today)) return [];
  return [
    {
      field: 'scheduleResumeDay',
      value: String(group.scheduleResumeDay),
      message: `the resume day ${formatDay(group.scheduleResumeDay as Day)} has come: ${group.mode} reverts to RUN_SCHEDULE on the next read`,
      hint: 'give a later resume day, or none to revert by hand only',
    },
  ];
}

export const exclusionRules: Rules = { warn: warnOfResume };
