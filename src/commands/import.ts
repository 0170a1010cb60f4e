import { type CsvKind, csvKinds } from '../contract/bulk.ts';
import { definitionOf } from '../records/registry.ts';
import type { TphCommand } from './command.ts';
import type { CommandContext, Register } from './context.ts';
import { option } from './field-flags.ts';
import { addImportFlags, type ImportFlags } from './import-flags.ts';
import { addRunCommands } from './import-runs.ts';

/** `tph import <kind> <file>`, and what is done with runs afterwards (spec section 7). */
export const register: Register = (command, context) => {
  command.description(
    'Import records from a CSV file, in whatever form other programs write it: what was understood of it is said ' +
      'before anything is done. Unless told otherwise a file is imported as a whole, or not at all.',
  );
  for (const kind of Object.keys(csvKinds) as CsvKind[]) addKind(command, kind, context);
  addRunCommands(command, context);
};

function addKind(parent: TphCommand, kind: CsvKind, context: CommandContext): void {
  const definition = definitionOf(csvKinds[kind]);
  const command = parent
    .command(kind)
    .summary(`Import ${definition.plural} from a CSV file.`)
    .description(
      `Import ${definition.plural} from a CSV file. A row finds its record by ${keyText(kind)}, or makes a new one; ` +
        `an empty cell leaves a value as it is, and \`none\` takes it away.${CAUTIONS[kind] ?? ''}`,
    )
    .argument('[file]', 'the file; - for stdin')
    .usage('<file> [options]');
  addImportFlags(command);
  option(command, '--template', 'Print a header with an example row instead, to fill in.');
  command
    .examples([
      `tph import ${kind} ${kind}.csv --dry-run`,
      `tph import ${kind} ${kind}.csv --mode partial --on-conflict update --reason "from the old system"`,
      `tph import ${kind} --template > ${kind}.csv`,
    ])
    .action(async (file: string | undefined) => {
      const flags = command.opts() as ImportFlags & { readonly template?: true };
      if (flags.template === true) {
        const { printTemplate } = await import('./import-template.ts');
        return printTemplate(kind, context);
      }
      const { importFile } = await import('./import-file.ts');
      return importFile(kind, file, flags, context);
    });
}

const CAUTIONS: { readonly [K in CsvKind]?: string } = {
  approvals: ' A row that takes away the last live HARD approval of a passenger wants --reason and --yes.',
  customers: ' Passwords are taken only where --map says so; the file of rejected rows repeats them.',
};

function keyText(kind: CsvKind): string {
  const fields = definitionOf(csvKinds[kind]).unique[0]?.fields ?? [];
  return `${fields.join(' and ')}${kind === 'customers' ? ' (its email where it has no phone)' : ''}`;
}
