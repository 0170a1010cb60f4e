/** How many columns a text takes on a terminal. */
export type Measure = (text: string) => number;

// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with one
const COLOURS = /\u001b\[[0-9;]*m/g;
// Latin letters, the usual punctuation and arrows: one column each.
// biome-ignore lint/suspicious/noControlCharactersInRegex: line breaks and colours are no reason to measure further
const PLAIN = /^[\n\u001b\u0020-\u007e\u00a0-\u00ac\u00ae-\u02ff\u2010-\u2027\u2190-\u21ff]*$/;

/** Right for texts without wide, combining or invisible characters, such as help texts. */
export const plainWidth: Measure = (text) => text.replace(COLOURS, '').length;

/** How to measure these texts; what knows all of Unicode is loaded only where it is needed. */
export async function measureFor(texts: readonly string[]): Promise<Measure> {
  if (texts.every((text) => PLAIN.test(text))) return plainWidth;
  const { default: stringWidth } = await import('string-width');
  return (text) => stringWidth(text);
}

/** Lines of at most `width` columns, broken between words where that is possible. Colours take no width. */
export function wrap(text: string, width: number, measure: Measure = plainWidth): string[] {
  return text.split('\n').flatMap((line) => wrapLine(line, Math.max(1, width), measure));
}

function wrapLine(line: string, width: number, measure: Measure): string[] {
  const lines: string[] = [];
  let current = '';
  for (const word of line.split(' ')) {
    const joined = current === '' ? word : `${current} ${word}`;
    if (measure(joined) <= width) {
      current = joined;
      continue;
    }
    if (current !== '') lines.push(current);
    const pieces = measure(word) <= width ? [word] : breakWord(word, width, measure);
    lines.push(...pieces.slice(0, -1));
    current = pieces.at(-1) ?? '';
  }
  return [...lines, current];
}

/** A word that is too long for a line, cut where it has a joint, else between characters; an escape sequence is never cut. */
function breakWord(word: string, width: number, measure: Measure): string[] {
  const pieces: string[] = [];
  let current = '';
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with one
  for (const [part] of word.matchAll(/\u001b\[[0-9;]*m|\P{M}\p{M}*|\p{M}+/gu)) {
    if (current !== '' && measure(current + part) > width) {
      const [kept, carried] = atJoint(current);
      pieces.push(kept);
      current = carried;
    }
    current += part;
  }
  return [...pieces, current];
}

/** A piece divided after its last `@`, `.`, `/`, `-` or `_`, unless that would leave most of its line empty. */
function atJoint(piece: string): readonly [kept: string, carried: string] {
  const after = /^.*[@./_-](?=.)/.exec(piece)?.[0].length ?? 0;
  return after * 2 < piece.length ? [piece, ''] : [piece.slice(0, after), piece.slice(after)];
}

/** The lines of one text, each with the colours that are on where it begins turned on, and off where it ends. */
export function colouredAlone(lines: readonly string[]): readonly string[] {
  // By what turns them off: two colours of letters cannot be on at once.
  const on = new Map<string, string>();
  return lines.map((line) => {
    const before = [...on.values()].join('');
    for (const [sequence] of line.matchAll(COLOURS)) {
      const code = sequence.slice(2, -1);
      if (/^(22|39)$/.test(code)) on.delete(code);
      else on.set(code === '1' || code === '2' ? '22' : '39', sequence);
    }
    return before + line + [...on.keys()].map((code) => `\u001b[${code}m`).join('');
  });
}
