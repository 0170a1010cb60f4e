import { Chalk } from 'chalk';
import type { Environment, OutputStream } from '../host.ts';
import type { Ink } from './answer.ts';
import { widthOf } from './width.ts';

/** Whether a stream takes colour: not a pipe, and not turned off by `NO_COLOR`, `TERM=dumb` or `--no-color`. */
export function takesColour(stream: OutputStream, env: Environment, flag: boolean): boolean {
  return flag && stream.isTTY === true && !env['NO_COLOR'] && env['TERM'] !== 'dumb';
}

/** The ink for a stream. */
export function inkFor(stream: OutputStream, env: Environment, flag: boolean): Ink {
  const chalk = new Chalk({ level: takesColour(stream, env, flag) ? 1 : 0 });
  return {
    good: (text) => chalk.green(text),
    bad: (text) => chalk.red(text),
    warn: (text) => chalk.yellow(text),
    dim: (text) => chalk.dim(text),
    strong: (text) => chalk.bold(text),
    accent: (text) => chalk.cyan(text),
    width: widthOf(stream),
  };
}
