import type { CardBlock, Ink } from './answer.ts';
import { measureFor, wrap } from './text.ts';
import { drawable } from './visible.ts';

/** Labels and values, one a line, long values broken under themselves; the empty ones are named in the last line. */
export async function drawCard(entries: CardBlock['card'], ink: Ink): Promise<string> {
  const shown = entries.flatMap(([label, value]) =>
    value === null ? [] : [[drawable(label), drawable(value)] as const],
  );
  const empty = entries.filter(([, value]) => value === null).map(([label]) => label);
  const measure = await measureFor(shown.flat());
  const labels = Math.max(0, ...shown.map(([label]) => measure(label)));
  const room = Math.max(20, ink.width - labels - 2);
  const lines = shown.flatMap(([label, value]) => {
    const [first = '', ...rest] = wrap(value, room, measure);
    const gap = ' '.repeat(labels - measure(label) + 2);
    return [`${ink.dim(label)}${gap}${first}`, ...rest.map((line) => ' '.repeat(labels + 2) + line)];
  });
  if (empty.length > 0) lines.push(...wrap(`empty: ${empty.join(', ')}`, ink.width).map(ink.dim));
  return lines.map((line) => line.trimEnd()).join('\n');
}
