import { Writable } from 'node:stream';
import type { Environment, InputStream, OutputStream } from '../host.ts';
import { TphError } from '../values/error.ts';
import { drained } from './stream.ts';
import { visibleLine } from './visible.ts';

/** One of a list to pick from. */
export interface Choice {
  readonly value: string;
  readonly name: string;
  /** Shown below the list while it is the chosen one. */
  readonly description?: string;
}

/** The questions that a person at a terminal can be asked. Each throws INTERRUPTED on Ctrl-C and when the input ends. */
export interface Ask {
  /**
   * Not empty; `initial` is the answer when nothing is typed; a hidden answer is not shown. `refuse` says what is wrong
   * with an answer, which is then asked for again; undefined: nothing.
   */
  text(question: string, options?: TextOptions): Promise<string>;
  choice(question: string, choices: readonly Choice[], initial?: string): Promise<string>;
  /** No, unless the person says yes. */
  confirm(question: string): Promise<boolean>;
  /** A list that narrows while the person types; `source` answers what fits. */
  pick(question: string, source: (typed: string) => Promise<readonly Choice[]>): Promise<string>;
}

export interface TextOptions {
  readonly initial?: string;
  readonly hidden?: boolean;
  readonly refuse?: (text: string) => Promise<string | undefined>;
  /** Judges what is typed so far; a ✓ or ✗ before it follows each key. */
  readonly isRight?: (text: string) => boolean;
}

/** Whether questions can be asked: stdin and stderr are terminals and nobody has said otherwise (spec section 5). */
export function canAsk(stdin: InputStream, stderr: OutputStream, env: Environment, flag: boolean): boolean {
  return flag && stdin.isTTY === true && stderr.isTTY === true && !env['CI'] && !env['TPH_NO_INPUT'];
}

/** Asks on `output`, which is stderr: stdout carries data only. */
export function asker(input: InputStream, output: OutputStream): Ask {
  const prompts = () => import('@inquirer/prompts');
  const context = (signal: AbortSignal) => ({ input, output: lasting(output), signal });
  const ask = async <T>(question: (signal: AbortSignal) => Promise<T>): Promise<T> => {
    const answer = await untilInputEnds(input, question);
    // stdout is another stream to the same terminal, and must not overtake this one.
    await drained(output);
    return answer;
  };
  return {
    text: async (question, { initial, hidden = false, refuse, isRight } = {}) => {
      const { input: line, password } = await prompts();
      const message = visibleLine(question);
      const validate = async (text: string) => {
        if (text.trim() === '') return 'something must be given';
        const wrong = await refuse?.(text.trim());
        return wrong === undefined || visibleLine(wrong);
      };
      if (hidden) return ask((signal) => password({ message, validate }, context(signal)));
      const transformer = (text: string, { isFinal }: { readonly isFinal: boolean }): string =>
        isFinal || isRight === undefined || text === '' ? text : `${isRight(text) ? '✓' : '✗'} ${text}`;
      const config = {
        message,
        validate,
        transformer,
        ...(initial === undefined ? {} : { default: initial }),
      };
      return (await ask((signal) => line(config, context(signal)))).trim();
    },
    choice: async (question, choices, initial) => {
      const { select } = await prompts();
      const config = {
        message: visibleLine(question),
        choices: choices.map(shown),
        pageSize: 10,
        ...(initial === undefined ? {} : { default: initial }),
      };
      return ask((signal) => select<string>(config, context(signal)));
    },
    confirm: async (question) => {
      const { confirm } = await prompts();
      const message = visibleLine(question);
      return ask((signal) => confirm({ message, default: false }, context(signal)));
    },
    pick: async (question, source) => {
      const { search } = await prompts();
      const config = {
        message: visibleLine(question),
        pageSize: 10,
        source: async (typed: string | undefined) => (await source(typed ?? '')).map(shown),
      };
      return ask((signal) => search<string>(config, context(signal)));
    },
  };
}

/** What a database holds is named in a list, and must not reach the terminal as it is. */
const shown = ({ value, name, description }: Choice): Choice => ({
  value,
  name: visibleLine(name),
  ...(description === undefined ? {} : { description: visibleLine(description) }),
});

/**
 * inquirer ends its output with every question; ours is written to afterwards. Nothing is kept back on the way: what
 * the program says next, which goes to the terminal itself, would come before the end of the question.
 */
function lasting(output: OutputStream): NodeJS.WritableStream {
  const stream = new Writable({
    write: (chunk: Uint8Array, _encoding, done) => {
      output.write(chunk);
      done();
    },
  });
  return Object.assign(stream, { isTTY: output.isTTY, columns: output.columns });
}

/** inquirer waits for ever when its input ends (Ctrl-D, a closed window); the program must not. */
async function untilInputEnds<T>(
  input: InputStream,
  question: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const ended = new AbortController();
  const end = () => setImmediate(() => ended.abort());
  input.once('end', end).once('close', end).once('pause', end);
  try {
    return await question(ended.signal);
  } catch (error) {
    if (error instanceof Error && /^(ExitPrompt|AbortPrompt|CancelPrompt)Error$/.test(error.name))
      throw new TphError('INTERRUPTED', 'interrupted', { hint: 'nothing was changed', cause: error });
    throw error;
  } finally {
    for (const event of ['end', 'close', 'pause']) input.removeListener(event, end);
  }
}
