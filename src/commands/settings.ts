import type { SettingRow, SettingsChanged } from '../contract/settings.ts';
import { chosen } from '../records/choice.ts';
import type { Field } from '../records/field.ts';
import { type SettingName, settingFields, settingNames } from '../records/settings.ts';
import { type Column, table } from '../terminal/answer.ts';
import { plainText } from '../terminal/plain.ts';
import { invalid, quote } from '../values/error.ts';
import { nearest } from '../values/nearest.ts';
import { fold } from '../values/text.ts';
import { type TphCommand, wantedArgument } from './command.ts';
import { takesOneOf } from './completion-values.ts';
import type { CommandContext, Register } from './context.ts';

/** `tph settings list|get|set` (spec section 3, Settings). */
export const register: Register = (command, context) => {
  list(command, context);
  get(command, context);
  set(command, context);
};

const shown = (value: unknown): string =>
  value === true ? 'on' : value === false ? 'off' : plainText(value);

const columns: readonly Column<never>[] = [
  { name: 'name' },
  { name: 'value', plain: ({ value }: SettingRow) => shown(value) },
  { name: 'default', plain: (row: SettingRow) => shown(row.default) },
  { name: 'isDefault' },
  { name: 'help' },
] satisfies readonly Column<SettingRow>[];

/** What a person reads in a list: the default only where it is another. */
const listed: readonly Column<SettingRow>[] = [
  { name: 'name', whole: true },
  {
    name: 'value',
    whole: true,
    text: ({ value, isDefault }, ink) => (isDefault ? shown(value) : ink.strong(shown(value))),
  },
  {
    name: 'help',
    title: 'what it does',
    text: (row, ink) =>
      row.isDefault ? row.help : `${row.help} ${ink.dim(`Default: ${shown(row.default)}.`)}`,
  },
];

const byName = (row: SettingRow): string => row.name;

function list(command: TphCommand, context: CommandContext): void {
  command
    .command('list')
    .alias('ls')
    .description('List the client’s settings with their defaults and what they do.')
    .examples(['tph settings list', 'tph settings list -o json'])
    .action(async () => {
      const rows = await context.call('settings.list', {});
      await context.answer({
        value: rows,
        columns,
        idOf: byName,
        draw: () => [table(listed, rows)],
      });
    });
}

function get(command: TphCommand, context: CommandContext): void {
  const get = command.command('get').description('Show one setting.');
  takesOneOf(get, 'name', settingNames);
  wantedArgument(get, 'name', 'name of the setting')
    .examples(['tph settings get dispatch.approvedScpDrivers'])
    .action(async (given: string | undefined) => {
      const name = await wantName(context, given);
      const row = (await context.call('settings.list', {})).find((one) => one.name === name);
      if (row === undefined)
        throw invalid(`there is no setting ${quote(name)} here`, 'see `tph settings list`');
      const card = [
        [row.name, shown(row.value)],
        ['default', shown(row.default)],
        ['what it does', row.help],
      ] as const;
      await context.answer({ value: row, columns, idOf: byName, draw: () => [{ card }] });
    });
}

type SettingChange = SettingsChanged['changes'][number];
const changeText = ({ field, before, after }: SettingChange): string =>
  `${field}: ${shown(before)} → ${shown(after)}`;

const CHANGE_FIELDS = ['changed', 'changes', 'warnings', 'settings'];
const changeColumns: readonly Column<never>[] = [
  { name: 'changed' },
  { name: 'changes', plain: ({ changes }: SettingsChanged) => changes.map(changeText).join(';') },
  { name: 'settings' },
] satisfies readonly Column<SettingsChanged>[];

function set(command: TphCommand, context: CommandContext): void {
  const set = command.command('set').description('Change a setting; `default` goes back to its default.');
  takesOneOf(set, 'name', settingNames);
  takesOneOf(set, 'value', ([name]) => {
    const found = settingNames.find((one) => fold(one) === fold(name ?? ''));
    return found === undefined ? [] : wordsOf(settingFields[found]);
  });
  wantedArgument(
    wantedArgument(set, 'name', 'name of the setting'),
    'value',
    'on or off, a whole number, or one of its values; default for the default',
  )
    .examples([
      'tph settings set dispatch.approvedScpDrivers on --reason "approvals are complete"',
      'tph settings set dispatch.preferredDriverHoldSeconds 300',
      'tph settings set account.authType default',
    ])
    .action(async (givenName: string | undefined, givenValue: string | undefined) => {
      const name = await wantName(context, givenName);
      const field: Field = settingFields[name];
      const text = await wantValue(context, field, givenValue);
      const value = readValue(context, name, field, text);
      await context.expectFields(CHANGE_FIELDS);
      const changed = await context.call(
        'settings.set',
        { settings: { [name]: value } },
        { flags: { [name]: '<value>' } },
      );
      await context.answer({
        value: changed,
        isReport: true,
        columns: changeColumns,
        fields: CHANGE_FIELDS,
        idOf: () => name,
        draw: (ink) =>
          changed.changes.length === 0
            ? [`${name} is ${shown(changed.settings[name])} already: nothing was changed`]
            : changed.changes.map(
                (change) => `${ink.good(changed.dryRun ? 'would change' : 'changed')} ${changeText(change)}`,
              ),
      });
    });
}

/** A setting's name, spelt in any case. */
async function wantName(context: CommandContext, given: string | undefined): Promise<SettingName> {
  const text = await context.need.choice(given, {
    flag: '<name>',
    question: 'Which setting?',
    choices: settingNames,
  });
  const name = settingNames.find((one) => fold(one) === fold(text));
  if (name !== undefined) return name;
  const near =
    settingNames.find((one) => fold(one).endsWith(`.${fold(text)}`)) ?? nearest(text, settingNames, 1)[0];
  const message = `there is no setting ${quote(text)}`;
  throw invalid(
    message,
    near === undefined ? `the settings are ${settingNames.join(', ')}` : `did you mean ${near}?`,
    [{ field: '<name>', value: text, message }],
  );
}

/** The words that a setting takes. */
function wordsOf(field: Field): readonly string[] {
  if (field.kind === 'choice') return [...field.values, 'default'];
  return field.kind === 'boolean' ? ['on', 'off', 'default'] : ['default'];
}

async function wantValue(context: CommandContext, field: Field, given: string | undefined): Promise<string> {
  const wanted = { flag: '<value>', question: field.help };
  if (field.kind === 'choice' || field.kind === 'boolean')
    return context.need.choice(given, { ...wanted, choices: wordsOf(field) });
  return context.need.text(given, {
    ...wanted,
    example: String(field.default),
    initial: String(field.default),
  });
}

const SWITCH: Readonly<Record<string, boolean>> = {
  on: true,
  true: true,
  yes: true,
  off: false,
  false: false,
  no: false,
};

/** Text as a value of the setting's own kind; null for its default. */
function readValue(context: CommandContext, name: SettingName, field: Field, text: string): unknown {
  const folded = fold(text);
  if (folded === 'default') return null;
  if (field.kind === 'choice') {
    const value = chosen(text, field);
    if (value !== undefined) return value;
  }
  if (folded === 'none' || folded === 'null') return null;
  if (field.kind === 'choice') return context.choice(text, '<value>', field.values);
  if (field.kind === 'integer') return context.integer(text, '<value>', field.min, field.max);
  if (field.kind === 'boolean' && Object.hasOwn(SWITCH, folded)) return SWITCH[folded];
  const message = `${name} ${quote(text)} is neither on nor off`;
  throw invalid(message, 'give on or off', [{ field: '<value>', value: text, message }]);
}
