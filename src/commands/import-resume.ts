import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { ImportRun } from '../contract/bulk.ts';
import { invalid, quote } from '../values/error.ts';
import type { Id } from '../values/id.ts';
import { type TphCommand, wantedArgument } from './command.ts';
import type { CommandContext } from './context.ts';
import { addImportFlags, type ImportFlags, readImportFlags } from './import-flags.ts';
import { isOpen, readRun, stateOf } from './import-run.ts';

/** `tph import resume`: goes on with a partial run where it was left. */
export function addResume(parent: TphCommand, context: CommandContext): void {
  const command = parent
    .command('resume')
    .summary('Go on with an import that was interrupted.')
    .description(
      'Go on with an import that was interrupted: what was written stays, and no row is written twice. ' +
        'The file must be as it was; its flags are remembered where the import was begun.',
    )
    .examples([
      'tph import resume G665464917196800000',
      'tph import resume G665464917196800000 /new/place/customers.csv',
    ]);
  wantedArgument(command, 'run', 'the run, as `tph import runs` lists it');
  command
    .argument('[file]', 'where the file is now; where it was unless told')
    .usage('<run> [file] [options]');
  addImportFlags(command, false);
  command.action(async (given: string | undefined, file: string | undefined) => {
    const flags = command.opts() as ImportFlags;
    const run = await readRun(given, context);
    const { mode, onConflict } = run;
    if (!isOpen(run)) throw notInterrupted(run);
    const known = (await context.importStates()).get(String(run.run));
    const where = file ?? known?.file;
    if (where === undefined || (file === undefined && !existsSync(where))) throw unknownFile(run, where);
    const { run: _run, client: _client, kind: _kind, file: _file, ...kept } = known ?? { mode, onConflict };
    const options = { ...kept, ...readGiven(flags, context), mode, onConflict };
    const { carryOut } = await import('./import-file.ts');
    await carryOut(
      {
        kind: run.kind,
        file: where === '-' ? '-' : resolve(context.host.cwd, where),
        options,
        resume: run.run as Id,
      },
      context,
    );
  });
}

/** The flags that are given, without the defaults of the others. */
function readGiven(flags: ImportFlags, context: CommandContext) {
  const { mode: _mode, onConflict: _onConflict, ...given } = readImportFlags(flags, context);
  return given;
}

function notInterrupted(importRun: ImportRun) {
  const { run, state, mode } = importRun;
  const [text] = stateOf(importRun);
  const message =
    mode === 'atomic' && state === 'INTERRUPTED'
      ? `of the import ${quote(run)} nothing was written: it was all or nothing`
      : `the import ${quote(run)} is ${text}: there is nothing to go on with`;
  const hint = 'import the file again: rows that are there already stay as they are';
  return invalid(message, hint, [{ field: '<run>', value: String(run), message, hint }]);
}

function unknownFile({ run, file }: ImportRun, where: string | undefined) {
  const message =
    where === undefined
      ? `where ${quote(file)} is is not known here`
      : `${quote(where)} is not there any more`;
  const hint = `say where: \`tph import resume ${run} <file>\``;
  return invalid(message, hint, [{ field: '<file>', message, hint, missing: true }]);
}
