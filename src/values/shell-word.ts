/** A word as a shell takes it; single quotes where double ones would let `!` or a line break do something. */
export function shellWord(word: string): string {
  if (/^[\w@%+=:,./-]+$/.test(word)) return word;
  return /[!\n]/.test(word)
    ? `'${word.replaceAll("'", "'\\''")}'`
    : `"${word.replace(/(["\\$`])/g, '\\$1')}"`;
}
