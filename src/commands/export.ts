import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { type CsvKind, csvKinds } from '../contract/bulk.ts';
import { exportable, exportColumns } from '../csv/export-cell.ts';
import { csvText, type ExportPages, jsonLines } from '../csv/export-csv.ts';
import { writeFileWhole } from '../csv/export-file.ts';
import { exportPages } from '../csv/export-list.ts';
import type { RecordDefinition } from '../records/definition.ts';
import { filtersOf } from '../records/filters.ts';
import { definitionOf } from '../records/registry.ts';
import { write } from '../terminal/stream.ts';
import { invalid, quote, TphError } from '../values/error.ts';
import type { TphCommand } from './command.ts';
import type { CommandContext, Register } from './context.ts';
import { delimiterFlag } from './csv-flags.ts';
import { option } from './field-flags.ts';
import { addFilter, listInput } from './record-list.ts';
import { counted, shellWord } from './words.ts';

interface ExportFlags {
  readonly includeProtected?: true;
  readonly raw?: true;
  readonly delimiter?: string;
  readonly bom?: true;
  readonly crlf?: true;
}

/** `tph export <kind> [file]`: records as CSV that `tph import` reads back (spec section 7). */
export const register: Register = (command, context) => {
  command.description(
    'Write the records of a kind as CSV, as a stream, so that `tph import` finds every row unchanged. ' +
      'A cell that a spreadsheet would run as a formula gets an apostrophe before it, which the import takes away.',
  );
  for (const kind of Object.keys(csvKinds) as CsvKind[]) addKind(command, kind, context);
};

function addKind(parent: TphCommand, kind: CsvKind, context: CommandContext): void {
  const definition = definitionOf(csvKinds[kind]);
  const command = parent
    .command(kind)
    .summary(`Write ${definition.plural} as CSV.`)
    .description(`Write ${definition.plural} as CSV, to stdout or a file that is made whole or not at all.`)
    .argument('[file]', 'where to; stdout unless told');
  option(command, '--include-protected', `With ${protectedText(definition)}.`);
  option(
    command,
    '--raw',
    'Escape no formulas: for programs, never for a spreadsheet; an import reads cells such as `none` as empty.',
  );
  option(command, '--delimiter <character>', 'What stands between cells (default: ,): , ; | or tab.');
  option(command, '--bom', 'Begin with a byte order mark, by which spreadsheets know UTF-8.');
  option(command, '--crlf', 'End lines with CR LF.');
  for (const filter of filtersOf(definition)) addFilter(command, filter);
  command
    .examples([
      `tph export ${kind} ${kind}.csv`,
      `tph export ${kind} --delimiter ";" --bom > ${kind}.csv`,
      `tph export ${kind} -o jsonl --fields id,${definition.label[0] ?? 'internalKey'}`,
    ])
    .action((file: string | undefined) => carryOut(definition, kind, file, command, context));
}

const protectedOf = ({ fields }: RecordDefinition): readonly string[] =>
  Object.keys(fields).filter((name) => fields[name]?.protected === true);

function protectedText(definition: RecordDefinition): string {
  const names = protectedOf(definition);
  return names.length === 0
    ? 'protected fields too; this kind has none'
    : `the protected ${names.join(', ')} too`;
}

async function carryOut(
  definition: RecordDefinition,
  kind: CsvKind,
  file: string | undefined,
  command: TphCommand,
  context: CommandContext,
): Promise<void> {
  const flags: ExportFlags = command.opts();
  const toFile = file !== undefined && file !== '-';
  if (toFile) await mayReplace(file, context);
  const isObjects = isJsonLines(command, context, kind);
  const columns = columnsFor(definition, flags, context);
  const delimiter = delimiterFlag(flags.delimiter) ?? ',';
  const filters = await listInput(definition, command.opts(), context);
  const signal = context.interruption();
  const api = await context.api();
  const count = { rows: 0 };
  const pages = counting(exportPages(api, definition, columns, filters), count, signal);
  const { timeZone } = api.client;
  const pieces = isObjects
    ? jsonLines(columns, pages)
    : csvText(definition, pages, {
        columns,
        timeZone,
        delimiter,
        raw: flags.raw === true,
        bom: flags.bom === true,
        crlf: flags.crlf === true,
      });
  if (toFile) await writeFileWhole(resolve(context.host.cwd, file), pieces);
  else for await (const piece of pieces) await write(context.host.stdout, piece).catch(refuseFull);
  const left =
    context.globals.fields === undefined && flags.includeProtected !== true ? protectedOf(definition) : [];
  if (toFile)
    await context.note(`${counted(count.rows, definition.title, definition.plural)} in ${shellWord(file)}`);
  if (left.length > 0)
    await context.note(`without ${left.join(', ')}: --include-protected adds protected fields`);
}

/** A file that is there may be somebody's work: whoever means to replace it says so. */
async function mayReplace(file: string, context: CommandContext): Promise<void> {
  if (statSync(resolve(context.host.cwd, file), { throwIfNoEntry: false })?.isFile() !== true) return;
  if (context.globals.yes) return;
  const message = `${quote(file)} is there already`;
  if (context.canAsk) return context.confirm(`${message}. Replace it?`);
  const hint = 'give --yes to replace it, or name another file';
  throw new TphError('CONFLICT', message, {
    hint,
    details: [{ field: '<file>', value: file, message, hint }],
  });
}

/** A full disk behind stdout is no failure of the program. */
function refuseFull(error: unknown): never {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code !== 'ENOSPC' && code !== 'EDQUOT' && code !== 'EFBIG') throw error;
  throw new TphError('UNAVAILABLE', `the export cannot be written to its end: ${code}`, {
    hint: 'what was written is not all of it; make room and export again',
    cause: error,
  });
}

async function* counting(
  pages: ExportPages,
  count: { rows: number },
  signal: AbortSignal,
): AsyncGenerator<readonly (readonly unknown[])[]> {
  for await (const page of pages) {
    // Otherwise a long export of a fast reader would never look at what else has come.
    await new Promise<void>((next) => setImmediate(next));
    if (signal.aborted) throw new TphError('INTERRUPTED', 'interrupted', { hint: 'no file was written' });
    count.rows += page.length;
    yield page;
  }
}

/** CSV unless JSON lines are asked for; the other formats are no exports. */
function isJsonLines(command: TphCommand, { globals: { output } }: CommandContext, kind: string): boolean {
  if (command.optsWithGlobals()['output'] === undefined || output === 'csv') return false;
  if (output === 'jsonl') return true;
  const message = `an export is CSV, not ${output}`;
  const hint = `leave -o out, or give -o jsonl; \`tph ${nounOf(kind)} list -o ${output}\` gives ${output}`;
  throw invalid(message, hint, [{ field: '--output', value: output, message, hint }]);
}

const nounOf = (kind: string): string => definitionOf(csvKinds[kind as CsvKind]).noun;

function columnsFor(
  definition: RecordDefinition,
  flags: ExportFlags,
  { globals }: CommandContext,
): readonly string[] {
  const { fields } = globals;
  if (fields === undefined) return exportColumns(definition, flags.includeProtected === true);
  const known = exportable(definition);
  const hidden = flags.includeProtected === true ? [] : protectedOf(definition);
  for (const name of fields) {
    if (!known.includes(name)) {
      const message = `--fields names ${quote(name)}, which ${definition.plural} have not`;
      const hint = `they have ${known.join(', ')}`;
      throw invalid(message, hint, [{ field: '--fields', value: name, message, hint }]);
    }
    if (!hidden.includes(name)) continue;
    const message = `${name} is protected`;
    const hint = 'add --include-protected if it is to be in the file';
    throw invalid(message, hint, [{ field: '--fields', value: name, message, hint }]);
  }
  return fields;
}
