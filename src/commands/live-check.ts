import type { Field } from '../records/field.ts';
import { TphError } from '../values/error.ts';
import type { Clock, CommandContext } from './context.ts';
import { booleanFlag, dayFlag, instantFlag, isNone } from './flag-values.ts';

/** Judges what is typed for a field, key by key; undefined where any text will do or only the operation can tell. */
export function liveCheck(
  field: Pick<Field, 'kind'> & {
    readonly day?: 'start' | 'through';
    readonly min?: number;
    readonly max?: number;
  },
  clock: Clock,
  context: Pick<CommandContext, 'integer'>,
): ((text: string) => boolean) | undefined {
  const { kind, day = 'start', min = 0, max = Number.MAX_SAFE_INTEGER } = field;
  switch (kind) {
    case 'integer':
      return holds((text) => context.integer(text, '', min, max));
    case 'day':
      return holds((text) => isNone(text) || dayFlag(text, '', clock.today));
    case 'instant':
      return holds((text) => isNone(text) || instantFlag(text, '', day, clock));
    case 'boolean':
      return holds((text) => booleanFlag(text, ''));
    default:
      return undefined;
  }
}

/** The same for a day that a flag gives. */
export const liveDay = async (context: CommandContext): Promise<(text: string) => boolean> => {
  const { today } = await context.clock();
  return holds((text) => dayFlag(text, '', today));
};

/** The same for the end of a preference, which a day stands for through the end of it. */
export const liveExpiry = async (context: CommandContext): Promise<(text: string) => boolean> => {
  const clock = await context.clock();
  return holds((text) => isNone(text) || instantFlag(text, '', 'through', clock));
};

/** Whether a parser takes a text. */
const holds =
  (parse: (text: string) => unknown) =>
  (text: string): boolean => {
    try {
      parse(text);
      return true;
    } catch (error) {
      if (error instanceof TphError) return false;
      throw error;
    }
  };
