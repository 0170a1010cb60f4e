import { type CardBlock, type CardEntry, GROUP, type Ink } from './answer.ts';
import { colouredAlone, type Measure, measureFor, wrap } from './text.ts';
import { drawable } from './visible.ts';

/**
 * Labels and values, one a line, long values broken under themselves; groups divided by an empty line; the empty ones
 * are named in the last line.
 */
export async function drawCard(entries: CardBlock['card'], ink: Ink): Promise<string> {
  const fields = entries.filter((entry) => entry !== GROUP);
  const texts = fields.flatMap(([label, value]) =>
    value === null ? [] : [drawable(label), drawable(value)],
  );
  const measure = await measureFor(texts);
  const labels = Math.max(0, ...texts.filter((_text, index) => index % 2 === 0).map(measure));
  const groups: CardEntry[][] = [[]];
  for (const entry of entries)
    if (entry === GROUP) groups.push([]);
    else groups.at(-1)?.push(entry);
  const drawn = groups
    .map((group) => group.flatMap((entry) => entryLines(entry, labels, measure, ink)))
    .filter((lines) => lines.length > 0);
  const lines = drawn.flatMap((group, index) => (index === 0 ? group : ['', ...group]));
  const empty = fields.filter(([, value]) => value === null).map(([label]) => label);
  if (empty.length > 0) {
    if (drawn.length > 1) lines.push('');
    lines.push(...wrap(`empty: ${empty.join(', ')}`, ink.width).map(ink.dim));
  }
  return lines.map((line) => line.trimEnd().replaceAll('\u00a0', ' ')).join('\n');
}

function entryLines(
  [label, value]: CardEntry,
  labels: number,
  measure: Measure,
  ink: Ink,
): readonly string[] {
  if (value === null) return [];
  const room = Math.max(20, ink.width - labels - 2);
  const [first = '', ...rest] = colouredAlone(wrap(drawable(value), room, measure));
  const gap = ' '.repeat(labels - measure(drawable(label)) + 2);
  return [`${ink.dim(drawable(label))}${gap}${first}`, ...rest.map((line) => ' '.repeat(labels + 2) + line)];
}
