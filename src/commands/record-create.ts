import { operationPrefix } from '../contract/names.ts';
import type { RecordDefinition, Values } from '../records/definition.ts';
import type { Field, ItemsField } from '../records/field.ts';
import { isSchedule } from '../records/item-text.ts';
import { camel, withArticle } from '../records/names.ts';
import { invalid } from '../values/error.ts';
import { changeAny } from './any-api.ts';
import { type TphCommand, wantedArgument } from './command.ts';
import type { CommandContext, Wanted } from './context.ts';
import { type Family, kindToCreate } from './family.ts';
import { addFieldFlags, type Given, missingFields, readFieldFlags, readText } from './field-flags.ts';
import { flagName } from './flag-names.ts';
import { isNone } from './flag-values.ts';
import { itemFromText } from './item-flags.ts';
import { guarded } from './last-approval.ts';
import { liveCheck } from './live-check.ts';
import { missing } from './need.ts';
import { answerChange, changeFields } from './record-answer.ts';
import { createExample } from './record-examples.ts';
import { fieldTitle } from './record-text.ts';

/** `create`: the natural handle as its argument where the kind has one, flags for the rest. */
export function addCreate(command: TphCommand, family: Family, context: CommandContext): void {
  const [first] = family.kinds;
  const { argument } = first;
  const titles = family.kinds.map((kind) => kind.title).join(' or ');
  const create = command
    .command('create')
    .alias('add')
    .description(`Create ${withArticle(titles)}.`)
    .examples(family.kinds.map(createExample));
  if (argument !== undefined) wantedArgument(create, argument, first.fields[argument]?.help ?? '');
  else create.usage('[options]');
  for (const kind of family.kinds)
    addFieldFlags(create, kind, 'create', argument === undefined ? [] : [argument]);
  create.action(async (...words: unknown[]) => {
    const handle = argument === undefined ? undefined : (words[0] as string | undefined);
    const given = create.opts() as Given;
    const definition = await kindToCreate(family, given, context);
    await context.expectFields(changeFields(definition));
    refuseEmpty(definition, given);
    if (first.noun === 'pref' && context.canAsk && !isAnyGiven(family, given))
      return stepByStep(definition, context);
    const flags = await readFieldFlags(definition, given, context);
    const values = argument === undefined || handle === undefined ? flags : { [argument]: handle, ...flags };
    const input = { ...values, ...(await askForMissing(definition, values, context)) };
    const changed = await changeAny(context, operationPrefix(definition.objectType), 'create', input);
    await answerChange(context, definition, 'create', changed);
  });
}

/** Whether a flag says anything of the new record. */
const isAnyGiven = ({ kinds }: Family, given: Given): boolean =>
  [
    ...kinds.flatMap((kind) => Object.entries(kind.fields).map(([name, field]) => flagName(name, field))),
    'key',
  ].some((flag) => given[camel(flag)] !== undefined);

/** A preference made by answering questions; it ends with the command line that would have done the same. */
async function stepByStep(definition: RecordDefinition, context: CommandContext): Promise<void> {
  const { askPreference, preferenceLine } = await import('./pref-wizard.ts');
  const { values, existing } = await askPreference(definition, context);
  const prefix = operationPrefix(definition.objectType);
  const isNew = existing === undefined;
  const changed = isNew
    ? await changeAny(context, prefix, 'create', values)
    : await guarded(context, (own, options) =>
        changeAny(
          own,
          prefix,
          'update',
          { ...withoutParties(definition, values), ref: existing.id },
          options,
        ),
      );
  await answerChange(context, definition, isNew ? 'create' : 'update', changed);
  const { timeZone } = await context.clock();
  const line = preferenceLine(definition, changed, context, timeZone, isNew);
  await context.note(`the same in one line:\n  ${line}`);
}

const withoutParties = ({ fields }: RecordDefinition, values: Values): Values =>
  Object.fromEntries(Object.entries(values).filter(([name]) => fields[name]?.kind !== 'reference'));

/** The required fields that are not given, asked for on a terminal; elsewhere all are named in one error. */
async function askForMissing(
  definition: RecordDefinition,
  values: Values,
  context: CommandContext,
): Promise<Values> {
  const absent = missingFields(definition.fields, values);
  if (absent.length > 0 && !context.canAsk) {
    const errors = absent.map(([name, field]) => missing(wanted(definition, name, field)));
    const names = errors.flatMap((error) => error.details.map((detail) => detail.field ?? '')).join(', ');
    const [only] = errors;
    if (errors.length === 1 && only !== undefined) throw only;
    throw invalid(
      `${names} are missing`,
      errors[0]?.hint,
      errors.flatMap((error) => error.details),
    );
  }
  const asked: Record<string, unknown> = {};
  for (const [name, field] of absent) asked[name] = await askFor(definition, name, field, context);
  // Whoever answers questions is led on to that without which a run never goes out.
  if (absent.length > 0)
    for (const [name, field] of Object.entries(definition.fields))
      if (field.kind === 'items' && isSchedule(field) && values[name] === undefined)
        asked[name] = await askSchedule(definition, name, field, context);
  return asked;
}

/** Times with their weekdays, several in one answer; none at all where there is none. */
async function askSchedule(
  definition: RecordDefinition,
  name: string,
  field: ItemsField,
  context: CommandContext,
): Promise<readonly Values[]> {
  const flag = `--${flagName(name, field)}`;
  const read = async (text: string): Promise<readonly Values[]> => {
    if (isNone(text)) return [];
    const items = text.split(';').map((one) => itemFromText(field, one, flag, context, readText));
    return Promise.all(items);
  };
  const question = `When does it go out (such as ${field.example}; 15:30 MON,WED return)`;
  const check = async (text: string) => refuseValue(definition, name, await read(text), flag, context);
  return read(await context.need.text(undefined, { flag, question, initial: 'none', check }));
}

function wanted(definition: RecordDefinition, name: string, field: Field): Wanted {
  const flag = name === definition.argument ? `<${name}>` : `--${flagName(name, field)}`;
  const title = fieldTitle(definition, name);
  return { flag, question: title.charAt(0).toUpperCase() + title.slice(1), example: field.example };
}

async function askFor(
  definition: RecordDefinition,
  name: string,
  field: Field,
  context: CommandContext,
): Promise<unknown> {
  const ask = wanted(definition, name, field);
  if (field.kind === 'reference') return context.need.reference(undefined, field.target, ask);
  if (field.kind === 'choice') return context.need.choice(undefined, { ...ask, choices: field.values });
  const question = field.example === undefined ? ask.question : `${ask.question} (such as ${field.example})`;
  const read = (text: string): Promise<unknown> => readText(field, text, ask.flag, context);
  const check = async (text: string): Promise<void> =>
    refuseValue(definition, name, await read(text), ask.flag, context);
  const isRight = liveCheck(field, await context.clock(), context);
  const live = isRight === undefined ? {} : { isRight };
  return read(await context.need.text(undefined, { ...ask, question, check, ...live }));
}

/** Throws INVALID where the kind will not have the value, so that it is asked for again while somebody is there. */
async function refuseValue(
  definition: RecordDefinition,
  name: string,
  value: unknown,
  flag: string,
  context: CommandContext,
): Promise<void> {
  const [{ checkInput }, { loadFormats }, { client }] = await Promise.all([
    import('../records/check.ts'),
    import('../contract/formats.ts'),
    context.api(),
  ]);
  const input = { [name]: value };
  const formats = await loadFormats(client.country, definition.fields, input);
  const [problem] = checkInput(definition, input, 'update', formats).problems;
  if (problem !== undefined) throw invalid(problem.message, problem.hint, [{ ...problem, field: flag }]);
}

/** By these a record is found again; an empty one is a variable that was not set, and would make a second record. */
function refuseEmpty(definition: RecordDefinition, given: Given): void {
  for (const [name, field] of Object.entries(definition.fields)) {
    const flag = flagName(name, field);
    if (field.kind !== 'text' || !['phone', 'email'].includes(field.format) || given[camel(flag)] !== '')
      continue;
    const message = `--${flag} is empty`;
    const hint = `give a value, or leave --${flag} out`;
    throw invalid(message, hint, [{ field: `--${flag}`, value: '', message, hint }]);
  }
}
