import type { TphCommand } from './command.ts';

const told = new WeakMap<TphCommand, Map<string, readonly string[]>>();

/** Says what values a flag (`--type`) or argument (`name`) takes, where neither a record kind nor its help does. */
export function takesOneOf(command: TphCommand, name: string, values: readonly string[]): void {
  const known = told.get(command) ?? new Map<string, readonly string[]>();
  told.set(command, known.set(name, values));
}

/** What `takesOneOf` said. */
export const toldOf = (command: TphCommand, name: string): readonly string[] | undefined =>
  told.get(command)?.get(name);
