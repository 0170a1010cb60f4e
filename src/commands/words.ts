/** Collects a flag that may be repeated, in order. */
export const repeated = (value: string, before: readonly string[]): string[] => [...before, value];

/** A word as a shell takes it; single quotes where double ones would let `!` or a line break do something. */
export const shellWord = (word: string): string => {
  if (/^[\w@%+=:,./-]+$/.test(word)) return word;
  return /[!\n]/.test(word)
    ? `'${word.replaceAll("'", "'\\''")}'`
    : `"${word.replace(/(["\\$`])/g, '\\$1')}"`;
};

/** `1 run`, `2 runs`. */
export const counted = (count: number, one: string, several = `${one}s`): string =>
  `${count} ${count === 1 ? one : several}`;
