import type { DatabaseAdmin, DatabaseStatus } from '../contract/database.ts';
import type { Block, Ink } from '../terminal/answer.ts';
import { visible } from '../terminal/visible.ts';
import type { TphCommand } from './command.ts';
import type { CommandContext, Register } from './context.ts';
import { backup, restore } from './db-copies.ts';
import { copy } from './db-copy.ts';
import { recordsText, sizeText } from './db-text.ts';
import { saidDryRun } from './dry-run.ts';

/** `tph db status|check|backup|restore|copy|migrate`: the database as a whole (spec sections 5 and 8). */
export const register: Register = (command, context) => {
  status(command, context);
  check(command, context);
  backup(command, context);
  restore(command, context);
  copy(command, context);
  migrate(command, context);
};

function status(command: TphCommand, context: CommandContext): void {
  command
    .command('status')
    .description('Say where the database is, how big, which version, and what it holds.')
    .examples(['tph db status', 'tph db status -o json'])
    .action(async () => {
      const value = await (await context.admin()).status();
      await context.answer({
        value,
        idOf: (row: DatabaseStatus) => row.location,
        draw: (ink) => drawStatus(value, ink),
      });
    });
}

function drawStatus(value: DatabaseStatus, ink: Ink): readonly Block[] {
  const { schemaVersion, programSchemaVersion } = value;
  const isCurrent = schemaVersion === programSchemaVersion;
  const version = isCurrent
    ? String(schemaVersion)
    : ink.warn(`${schemaVersion}, the program’s is ${programSchemaVersion}`);
  const card: [string, string | null][] = [
    ['location', value.location],
    ['engine', value.engine],
    ['schema version', version],
    ['size', sizeText(value.sizeBytes)],
    ...(value.mode === null ? [] : [['permissions', value.mode] as [string, string]]),
    ['written to', value.readOnly ? ink.warn('no: it is read-only') : 'yes'],
    [
      'clients',
      value.clients
        .map(({ id, name, timeZone }) => `${visible(name)} ${ink.dim(`${id} ${timeZone}`)}`)
        .join('\n') || 'none',
    ],
    ['records', recordsText(value.records) || 'none'],
    ['audit events', String(value.auditEvents)],
  ];
  return [{ card }];
}

function check(command: TphCommand, context: CommandContext): void {
  command
    .command('check')
    .description(
      'Look for damage, broken references, a wrong version and loose permissions; changes nothing.',
    )
    .examples(['tph db check', 'tph db check --exit-code'])
    .action(async () => {
      const value = await (await context.admin()).check();
      if (!value.ok) context.answerIsNo();
      await context.answer({
        value,
        isReport: value.ok,
        rows: value.problems,
        columns: [{ name: 'check' }, { name: 'message' }, { name: 'hint' }],
        idOf: (problem: { check: string }) => problem.check,
        draw: (ink) =>
          value.ok
            ? [`${ink.good('ok')}: nothing found`]
            : value.problems.flatMap((problem) => [
                `${ink.bad(problem.check)}: ${problem.message}`,
                `  ${ink.dim('hint:')} ${problem.hint}`,
              ]),
      });
    });
}

const MIGRATE_FIELDS = ['from', 'to', 'backup', 'changed'];

function migrate(command: TphCommand, context: CommandContext): void {
  command
    .command('migrate')
    .description('Bring the database to the program’s schema version, after a backup beside it.')
    .examples(['tph db migrate', 'tph db migrate --dry-run'])
    .action(async () => {
      await context.expectFields(MIGRATE_FIELDS);
      const admin = await context.admin();
      const value = context.globals.dryRun ? await wouldMigrate(admin) : await migrated(admin);
      const { from, to, backup: kept, changed } = value;
      const did = context.globals.dryRun ? 'would migrate' : 'migrated';
      await context.answer({
        value,
        isReport: true,
        fields: MIGRATE_FIELDS,
        idOf: (row: { to: number }) => String(row.to),
        draw: (ink) =>
          changed
            ? [
                `${did} the database from schema version ${from} to ${ink.strong(String(to))}`,
                ...(kept === null ? [] : [`the database as it was is kept in ${kept}`]),
              ]
            : [`the database has schema version ${to} already`],
      });
      if (context.globals.dryRun && changed) await saidDryRun(context);
    });
}

async function migrated(admin: DatabaseAdmin) {
  const done = await admin.migrate();
  return { ...done, changed: done.from !== done.to };
}

async function wouldMigrate(admin: DatabaseAdmin) {
  const { schemaVersion: from, programSchemaVersion: to } = await admin.status();
  return { from, to, backup: null, changed: from !== to, dryRun: true };
}
