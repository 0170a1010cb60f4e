import { choice, instant, integer, reference } from './field.ts';
import { notes } from './shared-fields.ts';

/**
 * What a favourite (driver–customer) and an approval (driver–SCP) have in common (spec section 3, *preferences*).
 * BLOCK is the seeds' "blacklisted from", which their enum lacks.
 */
export const preferenceFields = {
  mode: choice(['HARD', 'SOFT', 'BLOCK'], {
    default: 'SOFT',
    help: 'HARD: only listed drivers may be sent; SOFT: preferred for a while; BLOCK: never sent.',
    synonyms: ['type', 'preference', 'level'],
  }),
  priority: integer({
    default: 0,
    max: 1_000_000,
    help: 'Tie-breaker among preferred drivers; lower is tried first.',
    synonyms: ['rank', 'order'],
  }),
  expiresAt: instant({
    day: 'through',
    flag: 'expires',
    help: 'When it lapses; a day means through the end of that day.',
    example: '2026-06-30',
    synonyms: [
      'expiry',
      'expiry date',
      'expiration',
      'expiration date',
      'valid until',
      'valid to',
      'ends',
      'end date',
      'until',
    ],
  }),
  notes,
};

/** Whom a row of a list prefers, approves or bars. */
export const preferredDriver = reference('Driver', {
  required: true,
  help: 'The driver.',
  synonyms: [
    'callsign',
    'call sign',
    'driver callsign',
    'driver no',
    'driver number',
    'badge',
    'badge no',
    'driver name',
  ],
});
