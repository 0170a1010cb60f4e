import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Backup, DatabaseAdmin } from '../contract/database.ts';
import { quote, TphError } from '../values/error.ts';
import { type TphCommand, wantedArgument } from './command.ts';
import type { CommandContext } from './context.ts';
import { recordsText, sizeText } from './db-text.ts';
import { saidDryRun } from './dry-run.ts';

const BACKUP_FIELDS = ['file', 'sizeBytes'];
const RESTORE_FIELDS = ['location', 'kept'];

const wantFile = async (
  context: CommandContext,
  given: string | undefined,
  question: string,
): Promise<string> =>
  resolve(
    context.host.cwd,
    await context.need.text(given, { flag: '<file>', question, example: 'tph-backup.db' }),
  );

/** `tph db backup <file>`. */
export function backup(command: TphCommand, context: CommandContext): void {
  wantedArgument(
    command.command('backup').description('Copy the database to a new file, consistent while others write.'),
    'file',
    'a file that does not exist yet',
  )
    .examples(['tph db backup tph-backup.db'])
    .action(async (given: string | undefined) => {
      await context.expectFields(BACKUP_FIELDS);
      const file = await wantFile(context, given, 'To which file?');
      const admin = await context.admin();
      const { dryRun } = context.globals;
      if (dryRun && existsSync(file))
        throw new TphError('CONFLICT', `${quote(file)} exists already`, { hint: 'name a new file' });
      const { note, ...value }: Backup & { readonly dryRun?: true } = dryRun
        ? { file, sizeBytes: (await admin.status()).sizeBytes, dryRun: true }
        : await admin.backup(file);
      await context.answer({
        value,
        isReport: true,
        fields: BACKUP_FIELDS,
        idOf: (row: { file: string }) => row.file,
        draw: (ink) => [
          `${dryRun ? 'would copy' : 'copied'} the database to ${ink.strong(file)} (${sizeText(value.sizeBytes)})`,
        ],
      });
      if (note !== undefined) await context.note(note);
      if (dryRun) await saidDryRun(context);
    });
}

/** `tph db restore <file>`. */
export function restore(command: TphCommand, context: CommandContext): void {
  wantedArgument(
    command
      .command('restore')
      .description('Replace the database by a backup, keeping the replaced one beside it.'),
    'file',
    'a file that `tph db backup` made',
  )
    .examples(['tph db restore tph-backup.db', 'tph db restore tph-backup.db --yes'])
    .action(async (given: string | undefined) => {
      context.mustBeAbleToConfirm();
      await context.expectFields(RESTORE_FIELDS);
      const file = await wantFile(context, given, 'From which file?');
      const { dryRun } = context.globals;
      if (!existsSync(file))
        throw new TphError('NOT_FOUND', `there is no file ${quote(file)}`, {
          hint: 'name a file that `tph db backup` made',
          details: [{ field: '<file>', value: file, message: 'there is no such file' }],
        });
      const admin = await context.admin();
      const { location, holds } = await replaced(admin);
      await context.confirm(`Replace ${location ?? 'the database'} by ${file}?`, holds);
      const value = dryRun ? { location, kept: null, dryRun } : await admin.restore(file);
      await context.answer({
        value,
        isReport: true,
        fields: RESTORE_FIELDS,
        idOf: (row: { location: string | null }) => row.location ?? '',
        draw: (ink) => [
          `${dryRun ? 'would restore' : 'restored'} ${ink.strong(value.location ?? 'the database')} from ${file}`,
          ...(value.kept === null ? [] : [`the database as it was is kept in ${value.kept}`]),
        ],
      });
      if (dryRun) await saidDryRun(context);
    });
}

/** What a restore replaces, in words. A database that cannot be read is what backups are for. */
async function replaced(admin: DatabaseAdmin): Promise<{ location: string | null; holds: string }> {
  try {
    const { location, records } = await admin.status();
    return {
      location,
      holds: `it holds ${recordsText(records) || 'no records'}, and is kept beside the new one`,
    };
  } catch (error) {
    if (!(error instanceof TphError) || error.code === 'UNAVAILABLE') throw error;
    return { location: null, holds: error.message };
  }
}
