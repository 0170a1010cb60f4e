import stringWidth from 'string-width';

/** How many columns a text takes; colours take none, wide characters two. */
export const widthOfText = (text: string): number => stringWidth(text);

/** Lines of at most `width` columns, broken between words where that is possible. Colours take no width. */
export function wrap(text: string, width: number): string[] {
  return text.split('\n').flatMap((line) => wrapLine(line, Math.max(1, width)));
}

function wrapLine(line: string, width: number): string[] {
  const lines: string[] = [];
  let current = '';
  for (const word of line.split(' ')) {
    const joined = current === '' ? word : `${current} ${word}`;
    if (widthOfText(joined) <= width) {
      current = joined;
      continue;
    }
    if (current !== '') lines.push(current);
    const pieces = widthOfText(word) <= width ? [word] : breakWord(word, width);
    lines.push(...pieces.slice(0, -1));
    current = pieces.at(-1) ?? '';
  }
  return [...lines, current];
}

/** A word that is too long for a line, cut between characters; an escape sequence is never cut. */
function breakWord(word: string, width: number): string[] {
  const pieces: string[] = [];
  let current = '';
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with one
  for (const [part] of word.matchAll(/\u001b\[[0-9;]*m|\P{M}\p{M}*/gu)) {
    if (current !== '' && widthOfText(current + part) > width) {
      pieces.push(current);
      current = '';
    }
    current += part;
  }
  return [...pieces, current];
}
