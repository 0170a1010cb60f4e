import { operationPrefix } from '../contract/names.ts';
import type { ObjectType } from '../records/field.ts';
import { definitionOf } from '../records/registry.ts';
import type { Ask, Choice } from '../terminal/ask.ts';
import { invalid, TphError } from '../values/error.ts';
import type { AnyApi } from './any-api.ts';
import type { Need, Wanted } from './context.ts';
import { shellWord } from './words.ts';

/** Where records to pick from are read, and the zone that their moments are shown in. */
export interface Records {
  readonly api: AnyApi;
  readonly timeZone: string;
}

/** Values that must be there: as given, or asked for; `ask` is undefined where nobody can be asked. */
export function needs(ask: () => Ask | undefined, records: () => Promise<Records>): Need {
  const orAsk = async (
    given: string | undefined,
    wanted: Wanted,
    question: (ask: Ask) => Promise<string>,
  ): Promise<string> => {
    if (given !== undefined) return given;
    const person = ask();
    if (person === undefined) throw missing(wanted);
    return question(person);
  };
  return {
    text: (given, wanted) =>
      orAsk(given, wanted, (person) =>
        person.text(wanted.question, {
          ...(wanted.initial === undefined ? {} : { initial: wanted.initial }),
          ...(wanted.hidden === undefined ? {} : { hidden: wanted.hidden }),
          ...(wanted.check === undefined ? {} : { refuse: refusal(wanted.check) }),
          ...(wanted.isRight === undefined ? {} : { isRight: wanted.isRight }),
        }),
      ),
    choice: (given, wanted) =>
      orAsk(given, { ...wanted, example: wanted.example ?? wanted.choices[0] }, (person) =>
        person.choice(
          wanted.question,
          wanted.choices.map((value) => {
            const description = wanted.describe?.[value];
            return { value, name: value, ...(description === undefined ? {} : { description }) };
          }),
          wanted.initial,
        ),
      ),
    reference: (given, type, wanted) =>
      orAsk(given, wanted, async (person) => {
        const all = await records();
        const first = await found(all, type, '');
        if (first.length === 0) throw await nothingToPick(type);
        return person.pick(wanted.question, async (typed) =>
          typed === '' ? first : found(all, type, typed),
        );
      }),
  };
}

/** What a check says of an answer. */
const refusal =
  (check: (text: string) => unknown) =>
  async (text: string): Promise<string | undefined> => {
    try {
      await check(text);
      return undefined;
    } catch (error) {
      if (!(error instanceof TphError)) throw error;
      return error.hint === undefined ? error.message : `${error.message}: ${error.hint}`;
    }
  };

async function nothingToPick(type: ObjectType): Promise<TphError> {
  const { createExample } = await import('./record-examples.ts');
  const definition = definitionOf(type);
  return new TphError('NOT_FOUND', `there is no ${definition.title} to choose yet`, {
    hint: `make one first: \`${createExample(definition)}\``,
  });
}

/** INVALID that names the flag of a value that is missing. */
export function missing({ flag, example, instead }: Wanted) {
  const message = `${flag} is missing`;
  const before = flag.startsWith('--') ? `${flag} ` : '';
  const such = example === undefined ? '' : `, such as ${before}${shellWord(example)}`;
  const hint = `give ${flag}${such}${instead === undefined ? '' : `; or ${instead}`}`;
  return invalid(message, hint, [{ field: flag, message, hint, missing: true }]);
}

const MOST_SHOWN = 50;

async function found(
  { api, timeZone }: Records,
  type: ObjectType,
  typed: string,
): Promise<readonly Choice[]> {
  const [{ pickDescription, pickName }, { items }] = await Promise.all([
    import('./pick-list.ts'),
    api.list(operationPrefix(type), {
      limit: MOST_SHOWN,
      ...(typed === '' ? {} : { search: typed }),
    }),
  ]);
  const definition = definitionOf(type);
  return items.map((record) => ({
    value: record.id,
    name: pickName(definition, record),
    description: pickDescription(definition, record, timeZone),
  }));
}
