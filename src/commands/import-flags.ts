import { conflictPolicies, importModes } from '../contract/bulk.ts';
import { dateOrders } from '../csv/understood.ts';
import type { TphCommand } from './command.ts';
import type { CommandContext } from './context.ts';
import { delimiterFlag } from './csv-flags.ts';
import { option } from './field-flags.ts';
import type { ImportState } from './import-states.ts';

/** As commander gives them. */
export interface ImportFlags {
  readonly mode?: string;
  readonly onConflict?: string;
  readonly key?: string;
  readonly map?: readonly string[];
  readonly delimiter?: string;
  readonly encoding?: string;
  readonly dateFormat?: string;
  readonly maxErrors?: string;
  readonly resultsDir?: string;
}

/** Of an import, all but what is imported where. */
export type ImportOptions = Omit<ImportState, 'run' | 'client' | 'kind' | 'file'>;

/** `isNew`: not for one that is gone on with, which stays what it was. */
export function addImportFlags(command: TphCommand, isNew = true): void {
  if (isNew) addKindOfRun(command);
  option(command, '--key <fields>', 'By what a row finds its record: phone, email, internalKey …');
  option(command, '--map <header=field>', 'What a column is; `Header=` leaves it out (may be repeated).', {
    repeats: true,
  });
  option(command, '--delimiter <character>', 'What stands between cells: , ; | or tab.');
  option(command, '--encoding <name>', 'utf-8, utf-16le, utf-16be, windows-1252 …');
  option(command, `--date-format <${dateOrders.join('|')}>`, 'How 03/04/2026 is read.');
  option(command, '--max-errors <count>', 'After so many bad rows judge no more (default: 1000 if atomic).');
  option(command, '--results-dir <folder>', 'Where the result files go (default: beside the file).');
}

function addKindOfRun(command: TphCommand): void {
  option(
    command,
    `--mode <${importModes.join('|')}>`,
    'atomic: all rows or none, and other changes wait meanwhile (default); partial: the good rows, and others change in between.',
  );
  option(
    command,
    `--on-conflict <${conflictPolicies.join('|')}>`,
    'A row whose record is there with other values: error (default), skip, or update it.',
  );
}

/** What the flags ask for. Throws INVALID naming the flag. */
export function readImportFlags(flags: ImportFlags, context: CommandContext): ImportOptions {
  const {
    mode = 'atomic',
    onConflict = 'error',
    key,
    map,
    encoding,
    dateFormat,
    maxErrors,
    resultsDir,
  } = flags;
  const delimiter = delimiterFlag(flags.delimiter);
  return {
    mode: context.choice(mode, '--mode', importModes),
    onConflict: context.choice(onConflict, '--on-conflict', conflictPolicies),
    ...(key === undefined ? {} : { key: key.split(/[\s,]+/).filter((name) => name !== '') }),
    ...(map === undefined ? {} : { map }),
    ...(delimiter === undefined ? {} : { delimiter }),
    ...(encoding === undefined ? {} : { encoding }),
    ...(dateFormat === undefined
      ? {}
      : { dateFormat: context.choice(dateFormat, '--date-format', dateOrders) }),
    ...(maxErrors === undefined
      ? {}
      : { maxErrors: context.integer(maxErrors, '--max-errors', 1, 1_000_000_000) }),
    ...(resultsDir === undefined ? {} : { resultsDir }),
  };
}

/** The words of a command line that ask for the same, but for `without`. */
export function flagWords(
  options: ImportOptions,
  without: readonly (keyof ImportOptions)[] = [],
): readonly string[] {
  const word = (name: keyof ImportOptions, flag: string): readonly string[] => {
    const value = without.includes(name) ? undefined : options[name];
    return value === undefined ? [] : [flag, String(value)];
  };
  return [
    ...(options.mode === 'atomic' ? [] : word('mode', '--mode')),
    ...(options.onConflict === 'error' ? [] : word('onConflict', '--on-conflict')),
    ...word('key', '--key'),
    ...(options.map ?? []).flatMap((one) => ['--map', one]),
    ...(options.delimiter === '\t' ? ['--delimiter', 'tab'] : word('delimiter', '--delimiter')),
    ...word('encoding', '--encoding'),
    ...word('dateFormat', '--date-format'),
    ...word('maxErrors', '--max-errors'),
    ...word('resultsDir', '--results-dir'),
  ];
}
