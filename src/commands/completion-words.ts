import { visibleLine } from '../terminal/visible.ts';
import type { Candidate } from './completion-candidates.ts';

/** A word that a person is typing, as a shell will read it. */
export interface TypedWord {
  readonly text: string;
  /** The same with a letter in the place of each sign that is quoted: what is left may divide words. */
  readonly bare: string;
  /** The quote that is open at its end; empty where none is. */
  readonly quote: '' | '"' | "'";
}

/** A command line up to the cursor in words as a shell reads them; the last is the one being typed, and may be empty. */
export function shellWordsOf(line: string): {
  readonly words: readonly string[];
  readonly current: TypedWord;
} {
  const words: string[] = [];
  let text = '';
  let bare = '';
  let quote: TypedWord['quote'] = '';
  let isWord = false;
  const signs = /\\[\s\S]|\\$|[\s\S]/gu;
  for (const [sign] of line.matchAll(signs)) {
    const escaped = sign.length > 1 && sign.startsWith('\\') ? sign.slice(1) : undefined;
    let read = '';
    if (quote === "'") {
      // A backslash is one here, and may stand before the quote that ends it.
      read = sign.replace("'", '');
      if (sign.endsWith("'")) quote = '';
    } else if (quote === '"') {
      if (sign === '"') quote = '';
      else read = escaped !== undefined && /["\\$`]/.test(escaped) ? escaped : sign;
    } else if (sign === '"' || sign === "'") {
      quote = sign;
      isWord = true;
    } else if (/^\s$/.test(sign)) {
      if (isWord) words.push(text);
      text = '';
      bare = '';
      isWord = false;
    } else {
      read = escaped ?? sign.replace('\\', '');
      bare += escaped === undefined ? read : 'x'.repeat(read.length);
      isWord = true;
    }
    text += read;
    bare = bare.padEnd(text.length, 'x');
  }
  return { words, current: { text, bare, quote } };
}

/** A word as bash takes it in the place of what is typed: quoted in the manner that was begun. */
export function forBash(value: string, { bare, quote }: TypedWord, breaks: string): string {
  if (quote === '"') return value.replace(/["\\$`]/g, '\\$&');
  if (quote === "'") return value.replaceAll("'", "'\\''");
  // bash takes what stands behind a colon or an equals sign for the word, and replaces that alone.
  const cut =
    Math.max(
      ...Array.from({ length: bare.length }, (_sign, index) =>
        breaks.includes(bare.charAt(index)) ? index : -1,
      ),
      -1,
    ) + 1;
  return value.slice(cut).replace(/[^\p{L}\p{N}_@%+=:,./-]/gu, '\\$&');
}

/** What zsh and fish read: a line for each word, its meaning behind a tab. */
export const withMeaning = ({ value, description }: Candidate): string =>
  description === '' ? value : `${value}\t${visibleLine(description)}`;
