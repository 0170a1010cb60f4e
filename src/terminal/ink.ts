import type { Environment, OutputStream } from '../host.ts';
import type { Ink } from './answer.ts';
import { widthOf } from './width.ts';

/** Whether a stream takes colour: not a pipe, and not turned off by `NO_COLOR`, `TERM=dumb` or `--no-color`. */
export function takesColour(stream: OutputStream, env: Environment, flag: boolean): boolean {
  return flag && stream.isTTY === true && !env['NO_COLOR'] && env['TERM'] !== 'dumb';
}

/** The ink for a stream. */
export function inkFor(stream: OutputStream, env: Environment, flag: boolean): Ink {
  const style = takesColour(stream, env, flag) ? styled : () => (text: string) => text;
  return {
    good: style(32, 39),
    bad: style(31, 39),
    warn: style(33, 39),
    dim: style(2, 22),
    strong: style(1, 22),
    accent: style(36, 39),
    width: widthOf(stream),
  };
}

/** The style begins anew after another in the text has ended, and ends before each line break. */
function styled(on: number, off: number): (text: string) => string {
  const [begin, end] = [`\u001b[${on}m`, `\u001b[${off}m`];
  return (text) =>
    text === ''
      ? ''
      : begin + text.replaceAll(end, begin).replace(/\r?\n/g, (lineBreak) => end + lineBreak + begin) + end;
}
