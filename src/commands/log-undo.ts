import type { AuditEvent, LogUndone } from '../contract/log.ts';
import { definitionOf } from '../records/registry.ts';
import type { Block, Ink } from '../terminal/answer.ts';
import { formatInstant } from '../values/instant.ts';
import { type TphCommand, wantedArgument } from './command.ts';
import type { CommandContext } from './context.ts';
import { guarded } from './last-approval.ts';
import { readEvents } from './log-events.ts';
import { affectLines, changeLines } from './record-answer.ts';

/** How many of the newest events a person picks from. */
const TO_PICK = 20;
const FLAGS = { event: '<event>' };

/** `tph log undo`: takes back one change (spec section 5). */
export function registerUndo(log: TphCommand, context: CommandContext): void {
  const undo = log
    .command('undo')
    .description('Take back one change, unless somebody has changed the record since.')
    .examples(['tph log undo G318767104000000003', 'tph log undo G318767104000000003 -n']);
  wantedArgument(undo, 'event', 'id of the event, as `tph log` shows it');
  undo.action(async (given: string | undefined) => {
    const event = await eventToUndo(given, context);
    await context.expectFields(FIELDS);
    const { yes, dryRun } = context.globals;
    if (!yes && !dryRun) await confirmDeletion(context, event);
    const done = await guarded(context, (own, options) =>
      own.call('log.undo', { event }, { ...options, flags: FLAGS }),
    );
    const { timeZone } = await context.clock();
    await context.answer({
      value: done,
      isReport: true,
      fields: FIELDS,
      draw: (ink) => drawUndone(done, ink, timeZone),
    });
  });
}

const FIELDS = ['event', 'action', 'object', 'changed', 'changes', 'warnings', 'affects', 'dryRun'];

async function eventToUndo(given: string | undefined, context: CommandContext): Promise<string> {
  if (given !== undefined || !context.canAsk)
    return context.need.text(given, {
      flag: '<event>',
      question: 'Which event?',
      example: 'G318767104000000003',
    });
  const { events } = await readEvents(context, {}, TO_PICK);
  const { timeZone } = await context.clock();
  const line = ({ id, at, actor, action, object }: AuditEvent): string =>
    `${id}  ${formatInstant(at, timeZone)}  ${actor}: ${action} ${object.name}`;
  const picked = await context.need.choice(undefined, {
    flag: '<event>',
    question: 'Which change?',
    choices: events.map(line),
  });
  return picked.split(' ')[0] ?? picked;
}

/** Taking back what made a record deletes it, which wants a yes. */
async function confirmDeletion(context: CommandContext, event: string): Promise<void> {
  // With a reason nothing is refused as the last approval here; whether it is one is asked when it is carried out.
  const probe = await context
    .withReason('preview')
    .call('log.undo', { event }, { dryRun: true, flags: FLAGS });
  if (probe.action !== 'DELETE') return;
  const name = nameOf(probe);
  const affects = affectLines(probe.affects ?? [], probe.object.objectType);
  await context.confirm(`Delete ${name}?`, affects.length === 0 ? '' : [`${name}:`, ...affects].join('\n'));
}

const nameOf = ({ object }: LogUndone): string => `${definitionOf(object.objectType).title} ${object.name}`;

const DONE = {
  UPDATE: ['changed back', 'would change back'],
  DELETE: ['deleted', 'would delete'],
  RESTORE: ['restored', 'would restore'],
} as const satisfies Record<LogUndone['action'], readonly [string, string]>;

function drawUndone(done: LogUndone, ink: Ink, timeZone: string): readonly Block[] {
  const definition = definitionOf(done.object.objectType);
  const verb = DONE[done.action][done.dryRun === true ? 1 : 0];
  const head = `${done.action === 'DELETE' ? ink.warn(verb) : ink.good(verb)} ${definition.title} ${ink.strong(done.object.name)} ${ink.dim(done.object.id)}`;
  if (done.action === 'UPDATE') return [head, ...changeLines(definition, done, ink, timeZone)];
  return [head, ...affectLines(done.affects ?? [], done.object.objectType)];
}
