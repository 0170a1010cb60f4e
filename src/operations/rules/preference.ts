import type { Stored } from '../../db/codec.ts';
import type { ErrorDetail } from '../../values/error.ts';
import { formatInstant, type Instant } from '../../values/instant.ts';
import type { Rules } from '../rules.ts';
import type { Work } from '../work.ts';

/** An approval or favourite that has lapsed when it is made or changed is allowed, but hardly meant. */
function warnOfLapsed(work: Work, values: Stored): readonly ErrorDetail[] {
  const expiresAt = values['expiresAt'] as Instant | null;
  if (expiresAt === null || expiresAt > work.now) return [];
  return [
    {
      field: 'expiresAt',
      value: String(expiresAt),
      message: `it has lapsed already, at ${formatInstant(expiresAt, work.client.timeZone)}: it counts for nothing`,
      hint: 'give a later expiry, such as 2026-06-30 or +90d, or none',
    },
  ];
}

export const preferenceRules: Rules = { warn: warnOfLapsed };
