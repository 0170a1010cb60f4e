import { setTimeout } from 'node:timers/promises';
import { type TestHostOptions, testHost } from '../../src/host.ts';
import { run } from '../../src/main.ts';

export const ENTER = '\r';
export const DOWN = '\u001b[B';
export const CTRL_C = '\u0003';
export const CTRL_D = '\u0004';

/** What a person at a terminal does: waits until the words stand on the screen, then presses the keys. */
export type Step = readonly [words: string | RegExp, keys: string];

export interface Conversation {
  readonly code: number;
  readonly out: string;
  /** All that was shown on stderr, prompts included, without colours and cursor movements. */
  readonly shown: string;
}

/** Runs a command line on a terminal. Fails where the words of a step never appear. */
export async function converse(
  words: readonly string[],
  steps: readonly Step[],
  options: TestHostOptions = {},
): Promise<Conversation> {
  const host = testHost({ tty: true, ...options });
  let seen = 0;
  const screen = () => plain(host.err());
  const ended = run(['node', 'tph', ...words], host);
  let isOver = false;
  const code = ended.finally(() => {
    isOver = true;
  });
  for (const [expected, keys] of steps) {
    await waitFor(
      () => has(screen().slice(seen), expected),
      () => `${String(expected)} in:\n${screen().slice(seen)}`,
      () => isOver,
    );
    seen = screen().length;
    host.type(keys);
  }
  return { code: await code, out: plain(host.out()), shown: screen() };
}

const has = (text: string, expected: string | RegExp): boolean =>
  typeof expected === 'string' ? text.includes(expected) : expected.test(text);

// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with one
const plain = (text: string): string => text.replace(/\u001b\[[0-9;?]*[A-Za-z]/g, '');

async function waitFor(holds: () => boolean, what: () => string, isOver: () => boolean): Promise<void> {
  for (let tries = 0; tries < 300; tries += 1) {
    if (holds()) {
      // The prompt listens for keys a tick after it is drawn.
      await setTimeout(20);
      return;
    }
    if (isOver()) break;
    await setTimeout(10);
  }
  throw new Error(`never shown: ${what()}`);
}
