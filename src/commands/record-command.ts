import type { Changed } from '../contract/change.ts';
import { operationPrefix } from '../contract/names.ts';
import type { AnyRecord, RecordDefinition, Values } from '../records/definition.ts';
import { displayName } from '../records/display.ts';
import type { ObjectType } from '../records/field.ts';
import { withArticle } from '../records/names.ts';
import { invalid } from '../values/error.ts';
import { anyApi, changeAny, type Verb } from './any-api.ts';
import { type TphCommand, wantedArgument } from './command.ts';
import type { CommandContext } from './context.ts';
import { IN_DEMO } from './demo-names.ts';
import { type Family, familyOf, kindOfRef } from './family.ts';
import { addFieldFlags, type Given, readFieldFlags } from './field-flags.ts';
import { guarded } from './last-approval.ts';
import { affectLines, answerChange, answerRecord, changeFields } from './record-answer.ts';
import { addCreate } from './record-create.ts';
import { updateExample } from './record-examples.ts';
import { addList } from './record-list.ts';
import { fieldNames } from './record-text.ts';
import { withWholeSegments } from './segment-flags.ts';
import { shellWord } from './words.ts';

/** Hangs the six verbs of the kinds behind a noun on its command (spec section 5). */
export function addRecordVerbs(
  command: TphCommand,
  types: readonly ObjectType[],
  context: CommandContext,
): void {
  const family = familyOf(types);
  addCreate(command, family, context);
  addList(command, family, context);
  addShow(command, family, context);
  addUpdate(command, family, context);
  addDelete(command, family, context);
  addRestore(command, family, context);
}

/** A verb on one record: its reference, asked for where it is missing, and the record's kind. */
function onOne(
  command: TphCommand,
  {
    name,
    alias,
    does,
    example,
  }: { readonly name: string; readonly alias?: string; readonly does: string; readonly example: string },
  family: Family,
  context: CommandContext,
  run: (definition: RecordDefinition, ref: string, given: Given) => Promise<void>,
): TphCommand {
  const [first] = family.kinds;
  const verb = command.command(name).description(`${does}.`).examples([example]);
  if (alias !== undefined) verb.alias(alias);
  wantedArgument(verb, 'ref', refHelp(first));
  return verb.action(async (given: string | undefined) => {
    const question = `Which ${first.title}?`;
    const ref = await context.need.reference(given, first.objectType, {
      flag: '<ref>',
      question,
      example: IN_DEMO[first.objectType],
    });
    await run(await kindOfRef(family, ref, context), ref, verb.opts() as Given);
  });
}

const refHelp = ({ handles }: RecordDefinition): string =>
  [...handles.map((handle) => handle.name), 'id', 'key:<internalKey>'].join(', ');

const example = (family: Family, verb: string): string => {
  const [{ noun, objectType }] = family.kinds;
  return `tph ${noun} ${verb} ${shellWord(IN_DEMO[objectType])}`;
};

function addShow(command: TphCommand, family: Family, context: CommandContext): void {
  const [{ title }] = family.kinds;
  onOne(
    command,
    { name: 'show', does: `Show ${withArticle(title)}`, example: example(family, 'show') },
    family,
    context,
    async (definition, ref) => {
      await context.expectFields(fieldNames(definition));
      const record = await anyApi(context).get(operationPrefix(definition.objectType), ref);
      await answerRecord(context, definition, record, await besides(context, definition, record));
    },
  );
}

/** What people are shown beside the fields of one record. */
async function besides(context: CommandContext, { objectType }: RecordDefinition, record: AnyRecord) {
  const { output, fields } = context.globals;
  if (objectType !== 'AccountDepartment' || output !== 'table' || fields !== undefined) return undefined;
  return (await import('./dept-effective.ts')).inForce(context, record);
}

function addUpdate(command: TphCommand, family: Family, context: CommandContext): void {
  const [{ title }] = family.kinds;
  const does = `Change ${withArticle(title)}, field by field; --clear-<field> empties one`;
  const update = onOne(
    command,
    { name: 'update', does, example: updateExample(family.kinds[0]) },
    family,
    context,
    async (definition, ref, given) => {
      await context.expectFields(changeFields(definition));
      // `set` also holds a field that is itself called `ref`, as an account's.
      const read = await readFieldFlags(definition, given, context);
      const { add, remove, ...fields } = await withWholeSegments(context, definition, ref, read);
      if (Object.keys(fields).length === 0 && add === undefined && remove === undefined)
        throw invalid(
          'nothing to change is given',
          `name a field: \`${update.path} --help\` lists their flags`,
        );
      await answerChange(
        context,
        definition,
        'update',
        await change(context, definition, 'update', { ref, add, remove, set: fields }),
      );
    },
  );
  for (const kind of family.kinds) addFieldFlags(update, kind, 'update');
}

function addDelete(command: TphCommand, family: Family, context: CommandContext): void {
  const [{ title }] = family.kinds;
  const does = `Delete ${withArticle(title)}; \`restore\` undoes it`;
  onOne(
    command,
    { name: 'delete', alias: 'rm', does, example: `${example(family, 'delete')} --yes` },
    family,
    context,
    async (definition, ref) => {
      await context.expectFields(changeFields(definition));
      if (!context.globals.yes && !context.globals.dryRun) await confirmDeletion(context, definition, ref);
      await answerChange(context, definition, 'delete', await change(context, definition, 'delete', { ref }));
    },
  );
}

async function confirmDeletion(
  context: CommandContext,
  definition: RecordDefinition,
  ref: string,
): Promise<void> {
  const prefix = operationPrefix(definition.objectType);
  // With a reason nothing is refused as the last approval here; whether it is one is asked when it is carried out.
  const probe = await changeAny(
    context.withReason('preview'),
    prefix,
    'delete',
    { ref },
    { dryRun: true },
  ).catch((error: unknown) => {
    context.mustBeAbleToConfirm();
    throw error;
  });
  const name = `${definition.title} ${displayName(definition.objectType, probe)}`;
  const affects = affectLines(probe.affects ?? [], definition.objectType);
  await context.confirm(`Delete ${name}?`, affects.length === 0 ? '' : [`${name}:`, ...affects].join('\n'));
}

function addRestore(command: TphCommand, family: Family, context: CommandContext): void {
  const [{ title }] = family.kinds;
  onOne(
    command,
    { name: 'restore', does: `Restore a deleted ${title}`, example: example(family, 'restore') },
    family,
    context,
    async (definition, ref) => {
      await context.expectFields(changeFields(definition));
      await answerChange(
        context,
        definition,
        'restore',
        await change(context, definition, 'restore', { ref }),
      );
    },
  );
}

/** A change that may take away a passenger's last approval wants more than a yes. */
function change(
  context: CommandContext,
  definition: RecordDefinition,
  verb: Verb,
  input: Values,
): Promise<Changed<AnyRecord>> {
  const prefix = operationPrefix(definition.objectType);
  if (definition.objectType !== 'DriverScp') return changeAny(context, prefix, verb, input);
  return guarded(context, (own, options) => changeAny(own, prefix, verb, input, options));
}
