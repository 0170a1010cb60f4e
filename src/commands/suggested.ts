import { withoutPassword } from '../values/database-url.ts';
import type { Globals } from './globals.ts';
import { shellWord } from './words.ts';

type Where = Pick<Globals, 'db' | 'profile' | 'client'>;

/**
 * A command to type next, with the flags that said on which data this one works: without them it would work on other
 * data. What the environment said stays in force and is not repeated; neither is the password of a URL. What is no
 * command of this program, or says itself where it works, is answered as it is.
 */
export function suggested(command: string, { db, profile, client }: Where): string {
  const isOurs = /^tph [a-z]/.test(command) && !/ --(?:db|profile|client) /.test(command);
  if (!isOurs) return command;
  const given = [
    ['--db', db === undefined ? undefined : withoutPassword(db)],
    ['--profile', profile],
    // What makes a client can not be for one.
    ['--client', /^tph init\b/.test(command) ? undefined : client],
  ] as const;
  return [
    command,
    ...given.flatMap(([flag, value]) => (value === undefined ? [] : [flag, shellWord(value)])),
  ].join(' ');
}
