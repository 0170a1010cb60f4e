import { AUDIT_ACTIONS, type LogInput } from '../contract/log.ts';
import { takesOneOf } from './completion-values.ts';
import type { CommandContext, Register } from './context.ts';
import { columnsFor, EVENT_FIELDS, kindNames, objectNamed, readEvents, typeNamed } from './log-events.ts';
import { storyTeller } from './log-story.ts';
import { registerUndo } from './log-undo.ts';
import { counted } from './words.ts';

const TABLE_LIMIT = 50;

interface LogFlags {
  readonly object?: string;
  readonly type?: string;
  readonly action?: string;
  readonly operation?: string;
  readonly since?: string;
  readonly until?: string;
  readonly limit?: string;
  readonly follow?: true;
}

/** `tph log`: the audit trail, newest first; followed, oldest first (spec section 5). */
export const register: Register = (command, context) => {
  command
    .usage('[options]')
    .option(
      '--object <ref>',
      'only changes of this record: its id or a name; with its kind, as driver:D7, where the name fits several',
    )
    .option('--type <kind>', 'only changes of records of this kind, such as driver or recurring')
    .option(`--action <${AUDIT_ACTIONS.join('|')}>`, 'only changes that did this')
    .option(
      '--operation <name>',
      'only what this operation did, such as driver.update; a noun alone takes all of its operations',
    )
    .option('--since <when>', 'only changes at or after this moment or day, such as today or -7d')
    .option('--until <when>', 'only changes before this moment, or through this day')
    .option('--limit <count>', `the most changes to show (default: ${TABLE_LIMIT} in a table, else all)`)
    .option('-f, --follow', 'go on with what happens from now on, oldest first, until Ctrl-C')
    .examples([
      'tph log --since today',
      'tph log --object D11 --limit 5',
      'tph log --actor ann --since -7d -o csv',
      'tph log --follow --type exclusion',
      'tph log undo G318767104000000003',
    ])
    .action(async (flags: LogFlags) => {
      const { output } = context.globals;
      const given =
        flags.limit === undefined ? undefined : context.integer(flags.limit, '--limit', 1, 1_000_000_000);
      const input = await inputOf(flags, context);
      if (flags.follow === true) {
        const { followLog } = await import('./log-follow.ts');
        return followLog(context, input, given);
      }
      const limit = given ?? (output === 'table' ? TABLE_LIMIT : Number.POSITIVE_INFINITY);
      const { events, more } = await readEvents(context, input, limit);
      const { timeZone, now } = await context.clock();
      const tell = storyTeller(timeZone, now);
      await context.answer({
        value: events,
        columns: columnsFor(timeZone),
        fields: EVENT_FIELDS,
        draw: (ink) => events.flatMap((event) => tell(event, ink)),
      });
      if (more || output === 'table') await context.note(count(events.length, more));
    });
  takesOneOf(command, '--type', kindNames);
  registerUndo(command, context);
};

async function inputOf(flags: LogFlags, context: CommandContext): Promise<LogInput> {
  const { actor } = context.globals;
  return {
    ...(flags.type === undefined ? {} : { objectType: typeNamed(flags.type) }),
    ...(flags.object === undefined ? {} : objectNamed(flags.object)),
    ...(flags.action === undefined
      ? {}
      : { action: context.choice(flags.action, '--action', AUDIT_ACTIONS) }),
    ...(flags.operation === undefined ? {} : { operation: flags.operation }),
    ...(flags.since === undefined ? {} : { since: await context.instant(flags.since, '--since', 'start') }),
    ...(flags.until === undefined ? {} : { until: await context.instant(flags.until, '--until', 'through') }),
    ...(actor === undefined ? {} : { actor }),
  };
}

const count = (shown: number, more: boolean): string => {
  if (more)
    return `the newest ${shown}; there are more: give --limit, or narrow it with --since and --object`;
  return counted(shown, 'change');
};
