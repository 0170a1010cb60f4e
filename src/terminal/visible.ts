// Control characters but \n and \t, other line breaks, and what turns the reading direction. By their numbers: asking
// Unicode which characters are for control takes longer than drawing a table.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it looks for
const UNSAFE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with one
const OUR_COLOURS = /(\u001b\[(?:1|2|22|3[1236]|39)m)/;
/** Nothing of all that: most texts. */
const PLAIN = /^[ -~\u00a1-\u200a]*$/;
/** Columns from one tab stop to the next. */
const TAB = 8;

/**
 * A text that cannot move the cursor, clear the screen, retitle the window or turn the reading direction of a terminal:
 * what could is shown as U+FFFD. Line breaks and tabs stay. New records are refused such text, but a database may hold
 * it from another program.
 */
export const visible = (text: string): string =>
  PLAIN.test(text) ? text : text.replace(/\r\n?/g, '\n').replace(UNSAFE, '\uFFFD');

/** The same on one line: line breaks and tabs become blanks. */
export const visibleLine = (text: string): string => visible(text).replace(/[\n\t]/g, ' ');

/** A value of JSON with every text in it, names of fields included, made visible: mostly the value itself. */
export function allVisible<T>(value: T): T {
  return visibleValue(value) as T;
}

function visibleValue(value: unknown): unknown {
  if (typeof value === 'string') return visible(value);
  if (typeof value !== 'object' || value === null) return value;
  if (isVisible(value)) return value;
  if (Array.isArray(value)) return value.map(visibleValue);
  return Object.fromEntries(Object.entries(value).map(([name, own]) => [visible(name), visibleValue(own)]));
}

function isVisible(value: unknown): boolean {
  if (typeof value === 'string') return visible(value) === value;
  if (typeof value !== 'object' || value === null) return true;
  if (Array.isArray(value)) return value.every(isVisible);
  for (const name in value)
    if (visible(name) !== name || !isVisible((value as Record<string, unknown>)[name])) return false;
  return true;
}

/** A text as it is drawn: visible but for the colours of an `Ink`, tabs expanded. */
export const drawable = (text: string): string =>
  text
    .split(OUR_COLOURS)
    .map((part, index) => (index % 2 === 1 ? part : visible(part)))
    .join('')
    .split('\n')
    .map(expanded)
    .join('\n');

function expanded(line: string): string {
  const [first = '', ...rest] = line.split('\t');
  let column = columns(first);
  return rest.reduce((before, part) => {
    const gap = TAB - (column % TAB);
    column += gap + columns(part);
    return before + ' '.repeat(gap) + part;
  }, first);
}

const columns = (text: string): number => text.replaceAll(new RegExp(OUR_COLOURS, 'g'), '').length;
