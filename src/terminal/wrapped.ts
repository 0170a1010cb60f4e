import type { Ink, WrappedBlock } from './answer.ts';
import { colouredAlone, measureFor, wrap } from './text.ts';
import { drawable } from './visible.ts';

/** A text in lines that fit the width; a no-break space shows as a blank at which no line ends. */
export async function drawWrapped(
  { wrapped, indent = 0, hang = 2 }: WrappedBlock,
  ink: Ink,
): Promise<string> {
  const text = drawable(wrapped);
  const measure = await measureFor([text]);
  const room = Math.max(20, ink.width - indent);
  const [first = ''] = wrap(text, room, measure);
  const rest = text.slice(first.length).trimStart();
  const lines = rest === '' ? [first] : [first, ...wrap(rest, Math.max(20, room - hang), measure)];
  return colouredAlone(lines)
    .map((line) => line.trimEnd().replaceAll('\u00a0', ' '))
    .map((line, index) => ' '.repeat(index === 0 ? indent : indent + hang) + line)
    .join('\n');
}
