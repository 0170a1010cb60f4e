import type { EntriesQuery } from '../records/handle-query.ts';
import type { TphCommand } from './command.ts';

/** Entries of a collection of the record that an argument before names, such as the times of a run. */
export interface EntriesOf extends Omit<EntriesQuery, 'ref'> {
  /** Which argument, from 0. */
  readonly argument: number;
}

/** The values of a place: always the same, those that follow from the arguments before, or a record's own. */
export type Told = readonly string[] | ((given: readonly string[]) => readonly string[]) | EntriesOf;

const told = new WeakMap<TphCommand, Map<string, Told>>();

/** Says what values a flag (`--type`) or argument (`name`) takes, where neither a record kind nor its help does. */
export function takesOneOf(command: TphCommand, name: string, values: Told): void {
  const known = told.get(command) ?? new Map<string, Told>();
  told.set(command, known.set(name, values));
}

/** What `takesOneOf` said. */
export const toldOf = (command: TphCommand, name: string): Told | undefined => told.get(command)?.get(name);

/** `--time` takes one of the times of the recurring trip that an argument names. */
export const takesTimeOf = (command: TphCommand, argument: number): void =>
  takesOneOf(command, '--time', { type: 'RecurringTrip', field: 'times', argument });
