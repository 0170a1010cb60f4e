import { operationPrefix } from '../contract/names.ts';
import type { RecordDefinition } from '../records/definition.ts';
import type { ObjectType } from '../records/field.ts';
import { camel } from '../records/names.ts';
import { definitionOf } from '../records/registry.ts';
import { invalid, quote, TphError } from '../values/error.ts';
import { anyApi } from './any-api.ts';
import type { CommandContext } from './context.ts';
import type { Given } from './field-flags.ts';
import { flagName } from './flag-names.ts';
import { missing } from './need.ts';

/** The kinds behind a noun: one, or several that differ in what they refer to, as the two of `pref`. */
export interface Family {
  readonly kinds: readonly [RecordDefinition, ...RecordDefinition[]];
  /** The fields that a kind has and its siblings have not. */
  own(kind: RecordDefinition): readonly string[];
}

export function familyOf(types: readonly ObjectType[]): Family {
  const [first, ...rest] = types.map(definitionOf);
  if (first === undefined) throw new Error('a noun without kinds has no record verbs');
  const kinds = [first, ...rest] as const;
  const own = (kind: RecordDefinition) =>
    Object.keys(kind.fields).filter((name) =>
      kinds.some((other) => other !== kind && !(name in other.fields)),
    );
  return { kinds, own };
}

const ownFlags = (family: Family, kind: RecordDefinition): readonly string[] =>
  family.own(kind).flatMap((name) => {
    const field = kind.fields[name];
    return field === undefined ? [] : [flagName(name, field)];
  });

/** The kinds that flags are about: those whose own flags are given; all of them where none is. */
export function kindsGiven(family: Family, given: Given): readonly RecordDefinition[] {
  const named = family.kinds.filter((kind) =>
    ownFlags(family, kind).some((flag) => given[camel(flag)] !== undefined),
  );
  return named.length === 0 ? family.kinds : named;
}

/** The kind that a new record is to have; asked for on a terminal where the flags do not say. */
export async function kindToCreate(
  family: Family,
  given: Given,
  context: CommandContext,
): Promise<RecordDefinition> {
  const [kind, another] = kindsGiven(family, given);
  if (kind !== undefined && another === undefined) return kind;
  const flags = family.kinds.flatMap((one) => ownFlags(family, one).map((flag) => `--${flag}`));
  if (
    kindsGiven(family, given).some((one) =>
      ownFlags(family, one).some((flag) => given[camel(flag)] !== undefined),
    )
  ) {
    const message = `${flags.join(' and ')} exclude each other`;
    throw invalid(message, 'give one of them', [{ field: flags[0] ?? '', message }]);
  }
  if (!context.canAsk) throw missing({ flag: flags.join(' or '), question: '' });
  const titles = family.kinds.map((one) => one.title);
  const title = await context.need.choice(undefined, {
    flag: flags.join(' or '),
    question: 'What is it?',
    choices: titles,
  });
  return family.kinds.find((one) => one.title === title) ?? family.kinds[0];
}

/** The kind of the record that a reference names. */
export async function kindOfRef(
  family: Family,
  ref: string,
  context: CommandContext,
): Promise<RecordDefinition> {
  const [first, ...others] = family.kinds;
  if (others.length === 0) return first;
  for (const kind of family.kinds) {
    try {
      await anyApi(context).get(operationPrefix(kind.objectType), ref);
      return kind;
    } catch (error) {
      if (!(error instanceof TphError) || error.code !== 'NOT_FOUND') throw error;
    }
  }
  const message = `there is no ${family.kinds.map((kind) => kind.title).join(' or ')} ${quote(ref)}`;
  const hint = `they are named by id: list them with \`tph ${first.noun} list\``;
  throw new TphError('NOT_FOUND', message, {
    hint,
    details: [{ field: '<ref>', value: ref, message, hint }],
  });
}
