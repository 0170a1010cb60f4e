import type { Session } from '../contract/database.ts';
import { invalid } from '../values/error.ts';
import { cleanText } from '../values/text.ts';

/** Refuses a session whose audit rows could not be read: an actor or a reason that is no plain text. */
export function checkSession({ actor, reason }: Session): void {
  refuseUnclean('actor', actor, 200);
  if (actor.trim() === '') throw unclean('actor', 'is empty', 'name whoever acts');
  if (reason !== null) refuseUnclean('reason', reason, 1000);
}

function refuseUnclean(field: string, text: string, max: number): void {
  const clean = cleanText(text, { multiline: false, max });
  if (!clean.ok) throw unclean(field, clean.message, clean.hint);
}

const unclean = (field: string, what: string, hint: string) =>
  invalid(`${field} ${what}`, hint, [{ field, message: `${field} ${what}`, hint }]);
