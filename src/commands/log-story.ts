import type { AuditAction, AuditEvent } from '../contract/log.ts';
import { definitionOf } from '../records/registry.ts';
import type { Block, Ink } from '../terminal/answer.ts';
import { formatInstant, type Instant, relativeAge } from '../values/instant.ts';
import { changeLines } from './record-answer.ts';
import { fieldTitle, recordText } from './record-text.ts';

const DONE: { readonly [A in AuditAction]: string } = {
  CREATE: 'created',
  UPDATE: 'changed',
  DELETE: 'deleted',
  RESTORE: 'restored',
};

/** Draws events so that they read as what happened; `now` for how long ago, or none. */
export const storyTeller =
  (timeZone: string, now?: Instant) =>
  (event: AuditEvent, ink: Ink): readonly Block[] => {
    const { object, action, reason } = event;
    const { title } = definitionOf(object.objectType);
    const age = now === undefined ? '' : ink.dim(` (${relativeAge(event.at, now)})`);
    const when = `${ink.accent(formatInstant(event.at, timeZone))}${age}`;
    const what = `${ink.strong(event.actor)} ${DONE[action]} ${title} ${ink.strong(object.name)}`;
    return [
      { wrapped: `${when}  ${what}`, hang: 4 },
      ...changesOf(event, ink, timeZone).map((line) => ({ wrapped: line, indent: 4 })),
      ...(reason === null ? [] : [{ wrapped: `${ink.dim('why:')} ${reason}`, indent: 4 }]),
      ink.dim(`    event ${event.id}`),
    ];
  };

/** `field: before → after`, a line each; of a creation what it set, in one text. */
function changesOf(
  { object, action, before, after }: AuditEvent,
  ink: Ink,
  timeZone: string,
): readonly string[] {
  const definition = definitionOf(object.objectType);
  const record = after ?? {};
  if (action === 'UPDATE') {
    const names = Object.keys(after ?? before ?? {});
    const changes = names.map((field) => ({
      field,
      before: before?.[field] ?? null,
      after: after?.[field] ?? null,
    }));
    return changeLines(definition, { changes }, ink, timeZone, record).map((line) => line.trimStart());
  }
  if (action !== 'CREATE') return [];
  const set = Object.entries(record).flatMap(([name, value]) => {
    const isSecret = definition.fields[name]?.kind === 'secret';
    const text = isSecret ? String(value) : recordText(definition, name, record, { timeZone, for: 'people' });
    return text === '' ? [] : [`${fieldTitle(definition, name)}: ${text}`];
  });
  return set.length === 0 ? [] : [set.join(ink.dim(' · '))];
}
