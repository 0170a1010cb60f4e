import type { Day } from '../values/day.ts';
import { parseDayInput } from '../values/day.ts';
import { invalid, quote } from '../values/error.ts';
import { type Instant, parseInstantInput } from '../values/instant.ts';
import type { Clock } from './context.ts';
import { naming } from './session.ts';

/** Whether a flag's text takes a value away (spec section 2). */
export const isNone = (text: string): boolean => /^(none|null)$/i.test(text.trim());

/** A day that a flag gives; the error names the flag. */
export const dayFlag = (text: string, flag: string, today: Day): Day =>
  naming(flag, text, () => parseDayInput(text, today));

/** An instant that a flag gives; the error names the flag. */
export const instantFlag = (
  text: string,
  flag: string,
  day: 'start' | 'through',
  { now, timeZone }: Clock,
): Instant => naming(flag, text, () => parseInstantInput(text, { now, timeZone, day }));

/** Yes or no that a flag gives; `true` is the flag without a value. */
export function booleanFlag(given: string | boolean, flag: string): boolean {
  if (typeof given === 'boolean') return given;
  const word = given.trim().toLowerCase();
  if (/^(true|yes|on|y|1)$/.test(word)) return true;
  if (/^(false|no|off|n|0)$/.test(word)) return false;
  return naming(flag, given, () => {
    throw invalid(
      `${quote(given)} is neither yes nor no`,
      `write ${flag} yes or ${flag} no, and what else there is before it`,
    );
  });
}
