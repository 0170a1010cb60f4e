import { resolve } from 'node:path';
import type { DatabaseCopy } from '../contract/database.ts';
import { grouped, progressOn } from '../terminal/progress.ts';
import { isPostgresUrl, refuseOtherUrl } from '../values/database-url.ts';
import type { TphCommand } from './command.ts';
import type { CommandContext } from './context.ts';
import { saidDryRun } from './dry-run.ts';

const FIELDS = ['from', 'to', 'rows', 'resumed', 'verified', 'tables'];

interface Flags {
  readonly from?: string;
  readonly to?: string;
}

/** `tph db copy --from <db> --to <db>`. */
export function copy(command: TphCommand, context: CommandContext): void {
  command
    .command('copy')
    .description(
      'Copy everything into an empty database, of either engine, and compare both; the same command goes on with a copy that was interrupted.',
    )
    .option('--from <db>', 'a file or a PostgreSQL URL (default: the database in use)')
    .option('--to <db>', 'a file or a PostgreSQL URL that holds no data yet')
    .examples([
      'tph db copy --to postgres://tph@db.example/tph',
      'tph db copy --from postgres://tph@db.example/tph --to tph-copy.db',
      'tph db copy --from tph.db --to tph-copy.db --dry-run',
    ])
    .action(async (flags: Flags) => {
      await context.expectFields(FIELDS);
      const to = await context.need.text(flags.to, {
        flag: '--to',
        question: 'Into which database?',
        example: 'postgres://tph@db.example/tph',
      });
      const admin = await context.admin(flags.from === undefined ? undefined : located(context, flags.from));
      const value = await carryOut(context, (onStep) =>
        admin.copyTo(located(context, to), {
          dryRun: context.globals.dryRun,
          onStep,
          signal: context.interruption(),
        }),
      );
      await tell(context, value);
    });
}

function located({ host }: CommandContext, text: string): string {
  refuseOtherUrl(text);
  return isPostgresUrl(text) ? text : resolve(host.cwd, text);
}

type OnStep = Parameters<Awaited<ReturnType<CommandContext['admin']>>['copyTo']>[1]['onStep'];

/** Shows on stderr how far it is. */
async function carryOut(
  { host, globals }: CommandContext,
  work: (onStep: OnStep) => Promise<DatabaseCopy>,
): Promise<DatabaseCopy> {
  const isShown = !globals.quiet && (globals.output !== 'json' || host.stderr.isTTY === true);
  const progress = isShown ? progressOn(host.stderr, 'copy', () => host.nowMs()) : undefined;
  try {
    return await work(({ phase, table, done, total }) =>
      progress?.show({
        // Every row is read twice: to be written, and to be compared.
        done: phase === 'copying' ? done : total + done,
        total: total * 2,
        rows: done,
        failed: 0,
        phase: `${phase} ${table}, ${grouped(done)} of ${grouped(total)} rows`,
      }),
    );
  } finally {
    await progress?.end();
  }
}

async function tell(context: CommandContext, value: DatabaseCopy): Promise<void> {
  const { dryRun } = context.globals;
  const filled = value.tables.filter(({ rows }) => rows > 0);
  await context.answer({
    value: dryRun ? { ...value, dryRun } : value,
    isReport: true,
    fields: FIELDS,
    idOf: (row: { to: string }) => row.to,
    draw: (ink) => [
      `${dryRun ? 'would copy' : 'copied'} ${ink.strong(grouped(value.rows))} rows in ${filled.length} tables from ${value.from} to ${ink.strong(value.to)}`,
      ...(value.resumed
        ? [`${dryRun ? 'it would go on' : 'it went on'} with a copy that was interrupted`]
        : []),
      ...(value.verified === true
        ? [`${ink.good('verified')}: the counts and checksums of all tables are the same`]
        : []),
    ],
  });
  if (dryRun) await saidDryRun(context);
}
